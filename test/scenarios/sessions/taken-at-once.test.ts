// What happens when two do the same at the same moment: whoever loses hurts nobody who has won.
import { expect, test } from 'vitest';
import { isJsonObject } from 'runlog/base';
import { RunOwnedError } from 'runlog/log';
import { type AgentAdapter, scriptedAgent } from 'runlog/sessions';
import { newCanceller, type Play, replacedStore, sessionBed } from '../../harness/session-bed.ts';

const never: Play = () => new Promise(() => undefined);

/** An agent whose programs have a name each, the run: whoever ends what is left of a run ends all of that name. */
function agentWithPrograms() {
  const running = new Set<string>();
  const killed: string[] = [];
  const done = Promise.withResolvers<void>();
  const scripted = scriptedAgent({
    name: 'claude',
    newCanceller,
    play: async ({ run }) => {
      running.add(run.id);
      await done.promise;
      if (!running.delete(run.id)) throw new Error('killed by somebody else');
      return { output: { content: 'done' } };
    },
  });
  const agent: AgentAdapter = {
    ...scripted,
    endLeftovers: async (runId) => {
      killed.push(runId);
      return running.delete(runId) ? 1 : 0;
    },
  };
  return { agent, running, killed, finish: () => done.resolve() };
}

/** A run whose process died while its agent worked. */
async function abandoned() {
  const bed = sessionBed();
  const dying = bed.manager(never);
  void dying.runOnce('go', { session: { id: 's' } }).catch(() => undefined);
  await expect.poll(async () => (await bed.store.listRuns('s'))[0]?.status).toBe('running');
  const [run] = await bed.store.listRuns('s');
  bed.lapse();
  return { bed, runId: run?.id ?? '' };
}

test('two that go on with the same run: one works, and the other is refused without touching its agent', async () => {
  const { bed, runId } = await abandoned();
  const { agent, running, killed, finish } = agentWithPrograms();
  // The slower one has seen that nobody works on the run, and is held up there.
  const slow = Promise.withResolvers<void>();
  const held = replacedStore(bed.store, {
    getSession: async (id) => {
      const session = await bed.store.getSession(id);
      await slow.promise;
      return session;
    },
  });
  const second = bed.manager(never, { store: held, agent }).resumeRun(runId);
  const refused = expect(second).rejects.toMatchObject({ code: 'invalid_operation' });
  const first = bed.manager(never, { agent }).resumeRun(runId);
  await expect.poll(() => running.has(runId)).toBe(true);
  slow.resolve();
  await refused;
  finish();
  expect((await first).run.status).toBe('completed');
  expect(killed).toEqual([runId]);
});

test('who wants to end a run that another one has gone on with leaves its agent alone', async () => {
  const { bed, runId } = await abandoned();
  const { agent, running, finish } = agentWithPrograms();
  const slow = Promise.withResolvers<void>();
  let looks = 0;
  const held = replacedStore(bed.store, {
    // It was found, and looked at once more, before the other one took it.
    getRun: async (id) => {
      const run = await bed.store.getRun(id);
      looks += 1;
      if (looks === 1) await slow.promise;
      return run;
    },
  });
  const recovering = bed.manager(never, { store: held, agent }).recover('s');
  await expect.poll(() => looks).toBe(1);
  const first = bed.manager(never, { agent }).resumeRun(runId);
  await expect.poll(() => running.has(runId)).toBe(true);
  slow.resolve();
  expect(await recovering).toEqual([]);
  finish();
  expect((await first).run.status).toBe('completed');
});

test('a cancel that somebody asked for is kept by who ends the run for them', async () => {
  const { bed, runId } = await abandoned();
  const run = await bed.store.getRun(runId);
  const before = run.metadata['lease'];
  const lease = { ...(isJsonObject(before) ? before : {}), cancel_requested: true };
  await bed.store.saveRun({ ...run, metadata: { ...run.metadata, lease } });
  const [ended] = await bed.manager(never).recover('s');
  expect(ended?.status).toBe('cancelled');
});

test('of two that each want to be the only one in a session, one works and the other is refused, whoever is slower', async () => {
  const bed = sessionBed();
  const both = Promise.withResolvers<void>();
  let looks = 0;
  // Both have seen that nobody works in the session before either begins.
  const slowly = () =>
    replacedStore(bed.otherStore(), {
      getActiveRun: async (id) => {
        const active = await bed.store.getActiveRun(id);
        looks += 1;
        if (looks === 2) both.resolve();
        await both.promise;
        return active;
      },
    });
  const { agent, finish } = agentWithPrograms();
  await bed.manager(never).startSession({ id: 's' });
  const outcomes = ['a', 'b'].map(async (id) => {
    const manager = bed.manager(never, { store: slowly(), agent });
    await manager.startRun('s', 'go', { id });
    try {
      return (await manager.executeRun(id, { isAlone: true })).run.status;
    } catch (error) {
      finish();
      return error instanceof RunOwnedError ? 'refused' : error;
    }
  });
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['completed', 'refused']));
  const { metadata } = await bed.store.getSession('s');
  const [left] = await bed.store.listRuns('s', { status: 'pending' });
  expect(new Set([metadata['last_run_id'], left?.id])).toEqual(new Set(['a', 'b']));
});
