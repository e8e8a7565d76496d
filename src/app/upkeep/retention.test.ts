/** Proves that no run leaves a store for a word that was not understood, or for want of one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listRuns } from '../list-runs.ts';
import { open } from '../open.ts';
import { archiveRuns, deleteRuns } from './retention.ts';

/** The URL of a store with two runs that have ended. */
async function stored(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-retention-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const url = `sqlite:///${join(folder, 'runs.db')}`;
  for (const runId of ['a', 'b']) {
    const run = await open(url, { runId });
    await run.runGoal('one');
    await run.close();
  }
  return url;
}

/** A caller without types hands in anything. */
async function called(call: 'delete' | 'archive', url: string, options: object): Promise<void> {
  if (call === 'delete') await Reflect.apply(deleteRuns, undefined, [url, options]);
  else await Reflect.apply(archiveRuns, undefined, [url, `${url}.archive`, options]);
}

const misspelled: readonly (readonly [object, string])[] = [
  [{ runId: 'b' }, "has no option 'runId'"],
  [{ olderThan: 1 }, 'Did you mean `olderThanMs`?'],
  [{}, 'nothing says which runs'],
  [{ ids: undefined }, 'nothing says which runs'],
  [{ ids: 'b' }, '`options.ids` as a list'],
  [{ olderThanMs: '30d' }, '`options.olderThanMs` as a number'],
  [{ keepLast: Number.NaN }, '`keepLast` of'],
];

it.each(
  misspelled.flatMap(([options, said]) =>
    (['delete', 'archive'] as const).map((call) => [call, options, said] as const),
  ),
)('%s with %o lets nothing go, and says why', async (call, options, said) => {
  const url = await stored();
  await expect(called(call, url, { ...options, apply: true })).rejects.toThrow(said);
  const there: string[] = [];
  for await (const { info } of listRuns(url)) there.push(info.id);
  expect(there).toEqual(['a', 'b']);
});

it('whoever means every run that has ended says so', async () => {
  const url = await stored();
  const { leaving } = await deleteRuns(url, { keepLast: 0, apply: true });
  expect(leaving.map(({ runId }) => runId)).toEqual(['b', 'a']);
});
