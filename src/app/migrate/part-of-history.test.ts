/** Proves that a fork which nobody drove is driven in another store as it would have been beside its parent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { driven, forked, noter, openingsOf, other } from '../../../test/harness/driven-forks.ts';
import { inspectBehaviors } from '../inspect/inspect-run.ts';
import { load } from '../open.ts';
import { verifyRun } from '../replay/verify-run.ts';
import { migrateStore } from './migrate-store.ts';

const ways = {
  'with what it shares': (from: string, to: string) => migrateStore(from, to, { runIds: ['fork'] }),
  'for itself': (from: string, to: string) => migrateStore(from, to, { runIds: ['fork'], detach: true }),
} as const;

function emptyUrl(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-part-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return `sqlite:///${join(folder, 'copy.db')}`;
}

async function moved(url: string, way: keyof typeof ways): Promise<string> {
  const to = emptyUrl();
  expect(await ways[way](url, to)).toMatchObject({ ok: true });
  return to;
}

describe.each(Object.keys(ways) as (keyof typeof ways)[])('a fork that nobody drove, moved %s', (way) => {
  it('names the behaviors that drove its parent at the fork point', async () => {
    const there = await moved(await forked(['fork', 'evt_001']), way);
    const { value } = await inspectBehaviors(there, { runId: 'fork' });
    expect(value.map(({ name }) => name)).toEqual(['noter']);
  });

  it('is not driven without them', async () => {
    const there = await moved(await forked(['fork', 'evt_001']), way);
    const run = await load(there, { runId: 'fork' });
    await expect(run.runUntilIdle()).rejects.toMatchObject({ context: { behaviors: ['noter'] } });
    await run.close();
  });

  it('goes on under the clock, the seed and the frame of its parent', async () => {
    const url = await forked(['fork', 'evt_001'], ['twin', 'evt_001']);
    const there = await moved(url, way);
    expect(await driven(there, 'fork')).toBe(await driven(url, 'twin'));
  });

  it('is verified, what it has inherited included', async () => {
    const there = await moved(await forked(['fork', 'evt_009']), way);
    await driven(there, 'fork');
    const report = await verifyRun(there, { runId: 'fork', behaviors: [noter, other] });
    expect(report.divergence).toBeNull();
  });
});

describe('a run that comes as far as a fork shares it', () => {
  it('says who drove it so far, and nobody who came later', async () => {
    const there = await moved(await forked(['fork', 'evt_001']), 'with what it shares');
    const { value } = await inspectBehaviors(there, { runId: 'parent' });
    expect(value.map(({ name }) => name)).toEqual(['noter']);
    expect(await openingsOf(there, 'parent')).toHaveLength(1);
  });

  it('says who drove the rest when the rest has come', async () => {
    const url = await forked(['fork', 'evt_001']);
    const there = await moved(url, 'with what it shares');
    await migrateStore(url, there);
    const valuesAt = async (place: string): Promise<readonly string[]> =>
      (await openingsOf(place, 'parent')).map(({ value }) => value);
    expect(await valuesAt(there)).toEqual(await valuesAt(url));
  });
});
