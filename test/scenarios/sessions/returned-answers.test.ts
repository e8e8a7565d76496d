// An answer that an agent returns and does not tell is part of what was said: read from the row of its run, wherever a conversation is read.
import { expect, onTestFinished, test } from 'vitest';
import { nodePlatform, queryRef, sha256 } from 'runlog';
import { MemoryDatabase, openMemoryStore } from 'runlog/log';
import {
  type AgentMessage,
  openLogSessionStore,
  readTranscript,
  routedAgent,
  scriptedAgent,
  sessionError,
  sessionQuery,
} from 'runlog/sessions';
import { newCanceller, type Play, sessionBed } from '../../harness/session-bed.ts';

const told = ({ role, content }: AgentMessage): string => `${role}: ${content ?? ''}`;

/** Runs that are asked these, one after the other, and what each was told of before. */
async function conversation(play: Play, inputs: readonly string[]) {
  const bed = sessionBed();
  const before: (readonly string[])[] = [];
  const manager = bed.manager((scene) => {
    before.push((scene.call.transcript ?? []).map(told));
    return play(scene);
  });
  onTestFinished(() => manager.close());
  await manager.startSession({ id: 's' });
  for (const input of inputs) {
    const run = await manager.startRun('s', input);
    await manager.executeRun(run.id, { continuation: 'auto' });
  }
  return { bed, manager, before };
}

test('an agent that only returns its answers is told them again', async () => {
  const { before } = await conversation(
    async ({ run }) => ({ output: { content: `A:${JSON.stringify(run.input)}` } }),
    ['one', 'two', 'three'],
  );
  expect(before).toEqual([
    [],
    ['user: one', 'assistant: A:"one"'],
    ['user: one', 'assistant: A:"one"', 'user: two', 'assistant: A:"two"'],
  ]);
});

test.each(['assistant', 'tool'])('an answer that was told as %s stands once', async (role) => {
  const { bed } = await conversation(
    async ({ tell }) => {
      await tell({ type: 'message_received', data: { role, content: 'yes' } });
      return { output: { content: 'yes' } };
    },
    ['one'],
  );
  expect((await readTranscript(bed.store, 's')).map(told)).toEqual(['user: one', `${role}: yes`]);
});

test('an answer that was told in pieces stands once', async () => {
  const { bed } = await conversation(
    async ({ tell }) => {
      for (const delta of ['y', 'es']) await tell({ type: 'message_streamed', data: { delta } });
      return { output: { content: 'yes' } };
    },
    ['one'],
  );
  expect((await readTranscript(bed.store, 's')).map(told)).toEqual(['user: one', 'assistant: yes']);
});

test('a run whose telling lies before what is read of its session has told its answer', async () => {
  const { bed } = await conversation(
    async ({ tell }) => {
      await tell({ type: 'message_received', data: { role: 'assistant', content: 'told' } });
      for (let call = 0; call < 1100; call += 1)
        await tell({ type: 'tool_call_failed', data: { tool_call_id: `t${call}`, tool_name: 'bash' } });
      return { output: { content: 'returned' } };
    },
    ['one'],
  );
  const said = await readTranscript(bed.store, 's', { window: { maxMessages: 1 } });
  expect(said).toMatchObject([{ role: 'tool', toolCallId: 't1099' }]);
});

test('the agent that a router asked after another one has answered, although the first told something', async () => {
  const bed = sessionBed();
  const slow = scriptedAgent({
    name: 'slow',
    newCanceller,
    play: async ({ tell }) => {
      await tell({ type: 'message_received', data: { role: 'assistant', content: 'Let me look.' } });
      throw sessionError('provider_timeout');
    },
  });
  const play: Play = async () => ({ output: { content: 'Done.' } });
  const quick = scriptedAgent({ name: 'quick', newCanceller, play });
  const agent = routedAgent({ agents: [quick, slow], prefer: ['slow'], platform: nodePlatform });
  const manager = bed.manager(play, { agent });
  onTestFinished(() => manager.close());
  await manager.runOnce('tidy up', { session: { id: 's' } });
  expect((await readTranscript(bed.store, 's')).map(told)).toEqual(['user: tidy up', 'assistant: Done.']);
});

test('a run that was taken over after it had told something has answered with what it returned', async () => {
  const bed = sessionBed();
  const dying = bed.manager(async ({ tell }) => {
    await tell({ type: 'message_received', data: { role: 'assistant', content: 'Let me look.' } });
    return new Promise<never>(() => undefined);
  });
  await dying.startSession({ id: 's' });
  const run = await dying.startRun('s', 'one');
  const lost = dying.executeRun(run.id).catch(() => undefined);
  await expect.poll(async () => bed.types('s')).toContain('message_received');
  bed.lapse();
  const manager = bed.manager(async () => ({ output: { content: 'Done.' } }));
  await manager.resumeRun(run.id);
  await Promise.all([manager.close(), dying.close(), lost]);
  const said = (await readTranscript(bed.store, 's')).map(told);
  expect(said).toEqual(['user: one', 'assistant: Let me look.', 'assistant: Done.']);
});

test('a search finds the session in which an answer was only returned', async () => {
  const database = new MemoryDatabase();
  const { nowMs, sleep } = nodePlatform;
  const log = openMemoryStore({ sha256, nowMs, database });
  const store = openLogSessionStore(log, { sleep, newCanceller });
  const manager = sessionBed().manager(async () => ({ output: { content: 'a kingfisher' } }), { store });
  onTestFinished(() => manager.close());
  const { session, run } = await manager.runOnce('where is it?');
  const { matches } = await sessionQuery(queryRef(log)).searchMessages({ text: 'KINGFISHER' });
  expect(matches).toMatchObject([
    { session: { id: session.id }, message: { role: 'assistant', content: 'a kingfisher', runId: run.id } },
  ]);
});
