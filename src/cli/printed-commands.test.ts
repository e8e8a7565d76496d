import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, pinRun } from '../app/index.ts';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'runlog-printed-'));
const urlOf = (name: string): string => `sqlite:///${join(folder, name)}`;
const [runs, broken] = [urlOf('runs.db'), urlOf('broken.db')];

beforeAll(async () => {
  const run = await open(runs, { runId: 'parent' });
  await run.runGoal('Go');
  await (await run.fork({ atEvent: 'evt_001', runId: 'fork' })).close();
  await run.close();
  await pinRun(runs, 'fork', 'case 7');
  const [path, copy] = [join(folder, 'runs.db'), join(folder, 'broken.db')];
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  copyFileSync(path, copy);
  const other = new DatabaseSync(copy);
  other.exec("UPDATE logs SET seq = 1 WHERE id = 'parent'");
  other.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function printed(args: readonly string[], env: Record<string, string>): Promise<string> {
  const said: string[] = [];
  const hear = async (text: string): Promise<void> => void said.push(text);
  await main(args, { out: hear, err: hear, isTty: false, columns: null, env });
  return said.join('');
}

test.each([
  ['delete', ['delete', runs, '--run-id', 'parent'], 'detach'],
  ['archive', ['archive', runs, '--to', urlOf('archive.db'), '--run-id', 'parent'], 'detach'],
  ['why-kept of a run that a fork reads', ['why-kept', runs, 'parent'], 'detach'],
  ['why-kept of a run that is pinned', ['why-kept', runs, 'fork'], 'unpin'],
  ['doctor', ['doctor', broken], 'doctor'],
  ['doctor --json', ['doctor', broken, '--json'], 'doctor'],
  ['backup', ['backup', broken, join(folder, 'backup.db')], 'doctor'],
  ['backup --json', ['backup', broken, join(folder, 'backup-json.db'), '--json'], 'doctor'],
  ['an error', ['inspect', runs, '--run-id', 'nobody'], 'runs'],
])('%s prints commands as the program was called', async (_name, args, command) => {
  const said = await printed(args, { npm_command: 'exec' });
  expect(said).toContain(`\`npx runlog ${command} `);
  expect(said).not.toContain('`runlog ');
});
