// The command on PostgreSQL: the same quickstart with the same hashes, every other command on what it leaves, and no password
// in anything that is printed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dropSchema, serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { openPostgresStore } from '../../src/adapters/stores/postgres/index.ts';
import { type Ended, Workplace } from './cli/workplace.ts';

const schema = 'Läufe "1"';
const place = new Workplace();
const printed: string[] = [];
/** Odd on purpose: each of these characters means something in a URL. */
const password = 'p@ss/wörd?100%:#&';
const user = 'rünner';
let url: string;

async function runlog(...args: readonly string[]): Promise<Ended> {
  const ended = await place.runlog(args);
  printed.push(ended.stdout, ended.stderr);
  return ended;
}

const shape = z.object({
  store: z.string(),
  run: z.object({ head_hash: z.string() }),
  fork: z.object({ head_hash: z.string() }),
});

beforeAll(async () => {
  const quoted = password.replaceAll("'", "''");
  await sql(`DROP ROLE IF EXISTS "${user}"; CREATE ROLE "${user}" LOGIN SUPERUSER PASSWORD '${quoted}'`);
  const { host } = new URL(serverUrl().replace('postgres:', 'http:'));
  const name = encodeURIComponent(schema);
  url = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}/postgres?schema=${name}`;
});

afterAll(async () => {
  await dropSchema(schema);
  await sql(`DROP ROLE "${user}"`);
  place.remove();
});

describe('runlog on PostgreSQL', () => {
  test('the quickstart gives the heads that it gives on every store', async () => {
    const { code, stdout } = await runlog('quickstart', '--json', '--store', url);
    expect(code).toBe(0);
    const { run, fork, store } = shape.parse(JSON.parse(stdout));
    expect(run.head_hash).toMatch(/^172525e0.*70c66$/);
    expect(fork.head_hash).toMatch(/^7e393de3.*c335e$/);
    expect(store).toContain(':***@');
  });

  test('what it left is listed, inspected, exported and checked', async () => {
    const runs = await runlog('runs', url);
    expect(runs.stdout).toContain('quickstart-stricter');
    const inspected = await runlog('inspect', url, '--run-id', 'quickstart', '--tail', '3');
    expect(inspected.code).toBe(0);
    expect(inspected.stdout).toContain('quickstart');
    const exported = await runlog('export-trace', url, '--run-id', 'quickstart', '--format', 'jsonl');
    expect(exported.stdout.split('\n').length).toBeGreaterThan(200);
    const layout = await runlog('schema', 'status', url);
    expect(layout.code, layout.stderr).toBe(0);
    const health = await runlog('doctor', url);
    expect([health.code, health.stdout.includes(': whole')], health.stderr).toEqual([0, true]);
    const backup = await runlog('backup', url, 'backup.db', '--json');
    expect([backup.code, JSON.parse(backup.stdout)]).toMatchObject([
      0,
      { kind: 'runs', health: { state: 'whole' } },
    ]);
    const kept = await runlog('archive', url, '--to', 'sqlite:///archive.db', '--older-than', '30d');
    expect([kept.code, kept.stdout.includes('Nothing was changed')], kept.stderr).toEqual([0, true]);
  });

  test('what waits for approval is granted by another process', async () => {
    const review = await runlog('quickstart', '--review', '--store', url);
    expect(review.code, review.stderr).toBe(0);
    const waiting = await runlog('approvals', url, '--run-id', 'quickstart-review', '--json');
    const [first] = z.array(z.object({ approval_id: z.string() })).parse(JSON.parse(waiting.stdout));
    const granted = await runlog(
      'approve',
      url,
      first?.approval_id ?? '',
      '--run-id',
      'quickstart-review',
      '--by',
      'me',
    );
    expect(granted.code, granted.stderr).toBe(0);
  });

  test('what is wrong with the place is said in the words of every store', async () => {
    const unknownRun = await runlog('inspect', url, '--run-id', 'nobody');
    expect(unknownRun.code).toBe(3);
    const nothing = await runlog('runs', `${url}2`);
    expect([nothing.code, nothing.stderr]).toEqual([
      3,
      expect.stringContaining('has no store in the schema'),
    ]);
    const noDatabase = await runlog('runs', url.replace('/postgres?', '/nowhere?'));
    expect([noDatabase.code, noDatabase.stderr]).toEqual([3, expect.stringContaining('nowhere')]);
    const wrong = await runlog(
      'runs',
      url.replace(encodeURIComponent(password), encodeURIComponent(`${password}x`)),
    );
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('refuses this user')]);
    const nobodyThere = await runlog('runs', url.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
    expect([nobodyThere.code, nobodyThere.stderr]).toEqual([1, expect.stringContaining('cannot be reached')]);
    const unescaped = await runlog('runs', `postgres://${user}:${password}@127.0.0.1/postgres`);
    expect(unescaped.code).toBe(2);
    const asParameter = await runlog(
      'runs',
      `postgres://127.0.0.1:1/x?user=${user}&p%61ssword=${encodeURIComponent(password)}`,
    );
    expect(asParameter.code).toBe(1);
    const unknownOption = await runlog('runs', `${url}&mode=ro`);
    expect([unknownOption.code, unknownOption.stderr]).toEqual([
      2,
      expect.stringContaining("unknown option 'mode'"),
    ]);
  });

  test('a command that was typed wrongly, and an empty store, are told of without the password', async () => {
    expect((await runlog('runs', url, 'extra')).code).toBe(2);
    expect((await runlog('schema', url, 'status')).code).toBe(2);
    expect((await runlog(url, 'runs')).code).toBe(2);
    const empty = await openPostgresStore({ url: serverUrl(), schema: 'empty', mode: 'create' });
    await empty.close();
    const none = await runlog('runs', url.replace(/schema=.*/, 'schema=empty'));
    expect(none.stdout).toContain('no runs in');
  });

  test('no password was printed, in no spelling', () => {
    const all = printed.join('\n');
    expect(all).toContain('***');
    for (const secret of [password, encodeURIComponent(password), 'wörd', 'w%C3%B6rd', '100%']) {
      expect(all).not.toContain(secret);
    }
  });
});
