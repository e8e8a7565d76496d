import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openArtifacts } from './artifacts/open-artifacts.ts';
import { decideApproval } from './decide-approval.ts';
import { exportTrace } from './export-trace.ts';
import { checkPort } from './kit/check-store.ts';
import { runAgent } from './agents/run-agent.ts';
import { openStore } from './open-store.ts';
import { openSessionStore } from './sessions/open-session-store.ts';

const { signal } = new AbortController();
const write = async (): Promise<void> => undefined;
const decision = { approvalId: '1', verdict: 'approved', by: 'me' };

/** Calls with a value that a type checker would have found, by what is said of it. */
const wrong: readonly (readonly [string, (url: string) => readonly [unknown, readonly unknown[]]])[] = [
  ["`mode` of `openStore` is 'readonly'", (url) => [openStore, [url, { mode: 'readonly' }]]],
  ["`mode` of `openSessionStore` is 'r'", (url) => [openSessionStore, [url, { mode: 'r' }]]],
  ["`mode` of `openArtifacts` is 'write'", (url) => [openArtifacts, [url, 'write']]],
  ["`format` of `exportTrace` is 'json'", (url) => [exportTrace, [url, { format: 'json', write }]]],
  ['`format` of `exportTrace` is of type undefined', (url) => [exportTrace, [url, { write }]]],
  ["`verdict` of `decideApproval` is 'approved'", (url) => [decideApproval, [url, decision]]],
  [
    "`agent` of `runAgent` is 'codex'",
    (url) => [runAgent, [{ agent: 'codex', url, prompt: 'rm x', signal, insisted: signal }]],
  ],
  ["`port` of `checkPort` is 'agents'", (url) => [checkPort, ['agents', url]]],
];

it.each(wrong)('%s: it is refused, and nothing is made', async (said, callOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-option-value-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [call, args] = callOf(`sqlite:///${join(folder, 'runs.db')}`);
  const calling = async (): Promise<void> => {
    if (typeof call === 'function') await Reflect.apply(call, undefined, args);
  };
  await expect(calling()).rejects.toThrow(said);
  expect(readdirSync(folder)).toEqual([]);
});

it('all values that there are are named, and the nearest first', async () => {
  const opening: unknown = Reflect.apply(openStore, undefined, ['memory:', { mode: 'reed' }]);
  await expect(opening).rejects.toThrow(
    "Did you mean `'read'`? It has to be `'create'` or `'write'` or `'read'`.",
  );
});
