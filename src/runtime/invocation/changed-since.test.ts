/** Proves that a resumed invocation which asks another question says in its failure what probably changed since it was begun. */
import { behavior, type Behavior, llmBehavior, type OpenOptions, pack, scriptedModel, tool } from 'runlog';
import { isJsonArray, isJsonObject } from 'runlog/base';
import type { LogStore } from 'runlog/log';
import { describe, expect, it } from 'vitest';
import { loadFixed, openUnrepeatable, runId } from '../../../test/harness/fixed-run.ts';
import { memoryPlace } from '../../../test/harness/memory-store.ts';
import { overlaid } from '../../../test/harness/stopping-store.ts';

const look = tool({ name: 'look', run: () => ({ n: 1 }) });
const model = scriptedModel({ respond: () => ({ text: 'yes' }) });

const caller = (args: object): Behavior =>
  behavior({
    name: 'caller',
    on: 'goal.created',
    tools: [look],
    run: async ({ ctx }) => void (await ctx.callTool('look', args)),
  });

const asker = (description: string): Behavior =>
  llmBehavior({ name: 'asker', on: 'goal.created', description, run: () => undefined });

const shop = (body: string) =>
  pack({
    name: 'shop',
    version: '1.0.0',
    behaviors: [asker('Ask')],
    prompts: [{ name: 'asker', version: '1', body }],
  });

/** A run that stops when its first answer was to be written. */
async function interrupted(options: Pick<OpenOptions, 'behaviors' | 'packs'>): Promise<LogStore> {
  const inner = memoryPlace().open();
  const store = overlaid(inner, {
    commit: async (parts, records) => {
      if (parts.some(({ events }) => events.some(({ type }) => type.endsWith('.responded'))))
        throw new Error('the disk is gone');
      return inner.commit(parts, records);
    },
  });
  const run = await openUnrepeatable({ ...options, model }, store);
  await expect(run.runGoal('go')).rejects.toThrow('closed');
  await run.close().catch(() => undefined);
  return inner;
}

/** The likely causes in the failure of an invocation that is taken up again by another program. */
async function causes(
  store: LogStore,
  options: Pick<OpenOptions, 'behaviors' | 'packs' | 'model'>,
): Promise<readonly unknown[]> {
  const run = await loadFixed(store, { model, ...options });
  await run.runUntilIdle();
  const [failure] = run.errors;
  expect(failure?.reason).toBe('replay.diverged');
  const failed = (await run.status()).recentEvents.find(({ type }) => type === 'behavior.failed');
  const stored = failed === undefined ? undefined : await run.event(failed.id);
  const named = stored?.payload['probably_changed'];
  if (named === undefined || !isJsonArray(named)) throw new Error('the failure names no cause');
  for (const cause of named) expect(failure?.message).toContain(cause);
  return named;
}

/** Changes the record of who drove the run, as another program would have left it. */
async function rewriteOpening(store: LogStore, changes: Readonly<Record<string, string>>): Promise<void> {
  const [record] = await store.records('opening', `${runId}/`);
  const value: unknown = JSON.parse(record?.value ?? '');
  if (record === undefined || !isJsonObject(value)) throw new Error('there is no record');
  const { kind, id } = record;
  await store.commit(
    [],
    [{ kind, id, expectedVersion: 'any', value: JSON.stringify({ ...value, ...changes }) }],
  );
}

describe('the failure of a resumed invocation that asks something else', () => {
  it('names the argument of a tool and the code that calls it', async () => {
    const store = await interrupted({ behaviors: [caller({ at: 1 })] });
    const other = behavior({
      name: 'caller',
      on: 'goal.created',
      tools: [look],
      run: async ({ ctx }) => void (await ctx.callTool('look', { at: 2 })),
    });
    expect(await causes(store, { behaviors: [other] })).toEqual([
      'the arguments of tool \'look\': {"at":1}, now {"at":2}',
      "the code of behavior 'caller'",
    ]);
  });

  it('names what is told to a model, and the behavior that tells it', async () => {
    const store = await interrupted({ behaviors: [asker('Ask')] });
    const named = await causes(store, { behaviors: [asker('Ask twice')] });
    expect(named).toEqual([
      expect.stringContaining('the system prompt (mission, role, form) of the request: from character'),
      "what behavior 'asker' declares: its filter, view, tools, or what it tells a model",
    ]);
  });

  it('names the prompt of a pack', async () => {
    const store = await interrupted({ packs: [shop('Be kind')] });
    const [first] = await causes(store, { packs: [shop('Be short')] });
    expect(first).toMatch(/^prompt 'asker' of pack 'shop': .*, now /u);
  });

  it('names another version of the engine', async () => {
    const store = await interrupted({ behaviors: [asker('Ask')] });
    await rewriteOpening(store, { engine_version: '0.0.1' });
    expect(await causes(store, { behaviors: [asker('Ask twice')] })).toContainEqual(
      expect.stringMatching(/^runlog itself: 0\.0\.1, now /u),
    );
  });

  it('names another model by default', async () => {
    const store = await interrupted({ behaviors: [asker('Ask')] });
    const other = scriptedModel({ respond: () => ({ text: 'no' }), defaultModel: 'other-model' });
    expect(await causes(store, { behaviors: [asker('Ask')], model: other })).toContainEqual(
      expect.stringMatching(/^the default model: .*, now other-model$/u),
    );
  });

  it('says that nothing recorded differs when only something outside the program does', async () => {
    let at = 1;
    const drifting = behavior({
      name: 'caller',
      on: 'goal.created',
      tools: [look],
      run: async ({ ctx }) => void (await ctx.callTool('look', { at })),
    });
    const store = await interrupted({ behaviors: [drifting] });
    at = 2;
    expect(await causes(store, { behaviors: [drifting] })).toEqual([
      'the arguments of tool \'look\': {"at":1}, now {"at":2}',
    ]);
  });
});
