// No function of the package's root passes over an option that it does not know: a misspelled one would leave out a limit, or let
// everything go in the place of one run.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as runlog from '../../src/app/index.ts';
import { readOptionTakers } from './option-takers.ts';

const folder = mkdtempSync(join(tmpdir(), 'runlog-option-names-'));
/** Neither is there, and none of these calls makes it. */
const file = join(folder, 'runs.db');
const url = `sqlite:///${file}`;
const store = await runlog.openStore('memory:');
const { signal } = new AbortController();
const nothing = (): undefined => undefined;
const odd = { mispelled: 1 };
const run = { runId: 'a', ...odd };

/** How each is called rightly, but for one option. */
const calls: Readonly<Record<string, readonly unknown[]>> = {
  archiveRuns: [url, url, { ids: ['a'], apply: true, ...odd }],
  backupStore: [url, join(folder, 'copy.db'), odd],
  behavior: [{ name: 'a', run: nothing, ...odd }],
  checkPort: ['agent', file, odd],
  checkSessionStore: [file, odd],
  checkStore: [file, odd],
  configureLogging: [odd],
  decideApproval: [url, { approvalId: '1', verdict: 'deny', by: 'me', ...odd }],
  deleteRuns: [url, { ids: ['a'], apply: true, ...odd }],
  diffRuns: [url, { runA: 'a', runB: 'b', ...odd }],
  doctor: [url, odd],
  exportTrace: [url, { format: 'text', write: nothing, ...odd }],
  forkRun: [url, { atEvent: 'evt_001', ...odd }],
  importAo: [folder, url, odd],
  importFile: [file, url, odd],
  inspectBehaviors: [url, run],
  inspectEvent: [url, { eventId: 'evt_001', ...odd }],
  inspectLog: [url, { tail: 0, ...odd }],
  inspectMemos: [url, run],
  inspectPacks: [url, run],
  inspectRun: [url, { tail: 0, ...odd }],
  listApprovals: [url, run],
  listSessions: [url, odd],
  llmBehavior: [{ name: 'a', run: nothing, ...odd }],
  load: [url, run],
  maintainStore: [url, file, odd],
  maintenanceRef: [store, odd],
  migrate: [{ runs: nothing }, store, { sha256: runlog.sha256, location: '', ...odd }],
  migrateAoHome: [{ env: {}, ...odd }],
  migrateStore: [url, `${url}.copy`, odd],
  objectType: [{ name: 'a', schema: {}, ...odd }],
  open: [url, odd],
  openEventPipeline: [{}, odd],
  openSessionManager: [{ capabilities: {} }, { execute: nothing }, odd],
  openSessionStore: [url, odd],
  openStore: [url, odd],
  pack: [{ name: 'a', version: '1', ...odd }],
  planFork: [store, { runId: 'a', atEvent: 'evt_001', ...odd }, {}],
  planPromotion: [url, run],
  planStoredFork: [url, { runId: 'a', atEvent: 'evt_001', ...odd }],
  programOf: [store, 'a', odd],
  projectRun: [url, run],
  promoteFork: [url, run],
  queryRef: [store, odd],
  quickstart: [{ url, review: false, isSlow: false, signal, onProgress: nothing, ...odd }],
  readSessionEvents: [url, 's', odd],
  redactEvents: [url, 's', { by: 'me', reason: 'asked', ...odd }],
  relationBehavior: [{ name: 'a', relationType: 'b', run: nothing, ...odd }],
  relationType: [{ name: 'a', ...odd }],
  runAgent: [{ agent: 'shell', url, prompt: 'true', signal, insisted: signal, ...odd }],
  scriptedModel: [{ respond: [], ...odd }],
  searchEvents: [url, { text: 'x', ...odd }],
  sessionTelemetry: [odd],
  sumUsageOfStore: [url, { by: 'day', ...odd }],
  tool: [{ name: 'a', run: nothing, ...odd }],
  upgradeStoreSchema: [url, odd],
  verifyRun: [url, run],
  verifyStoredRun: [url, run],
  watchRun: [url, run],
  whyKept: [url, 'a', odd],
  whyObject: [url, { objectId: 'x', ...odd }],
  writeOutputFile: [file, { force: false, storeUrl: url, ...odd }, nothing],
};

/** A generator begins with its first value. */
async function called(name: string): Promise<void> {
  const call: unknown = Reflect.get(runlog, name);
  if (typeof call !== 'function') throw new Error(`there is no function '${name}'`);
  const result: unknown = await Reflect.apply(call, undefined, calls[name] ?? []);
  if (typeof result !== 'object' || result === null || !('next' in result)) return;
  if (typeof result.next === 'function') await Reflect.apply(result.next, result, []);
}

describe('a function of the root that takes options', () => {
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('is called here, whichever it is', () => {
    expect(Object.keys(calls)).toEqual(readOptionTakers().toSorted());
  });

  it.each(Object.keys(calls))(
    '%s refuses an option that it does not know, and nothing is opened',
    async (name) => {
      await expect(called(name)).rejects.toThrow(`\`${name}\` has no option 'mispelled'`);
      expect(existsSync(file)).toBe(false);
    },
  );
});
