import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TelemetryEvent } from '../../sessions/index.ts';
import { configureLogging } from '../observe/configure-logging.ts';
import { maintainStore } from './maintain-store.ts';

function policyFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-maintain-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'policy.json');
  writeFileSync(path, '{ "max_completed_session_age_days": 1 }');
  return path;
}

test('maintenance of a store is told to the log that the program has asked for', async () => {
  let lines = '';
  onTestFinished(configureLogging({ stream: { write: (text: string) => void (lines += text) } }));
  await maintainStore('memory:', policyFile());
  expect(lines).toContain('maintenance');
});

test('maintenance of a store is told to whom the caller names', async () => {
  const heard: TelemetryEvent[] = [];
  await maintainStore('memory:', policyFile(), { onTelemetry: (event) => void heard.push(event) });
  expect(heard.map(({ name }) => name)).toEqual(['maintenance.complete']);
});
