// A database of the rewrite of any version: every row that hangs on a session comes with it, whatever table a later version keeps it
// in and however it hangs there.
import { join } from 'node:path';
import { importAo, openSessionStore } from 'runlog';
import { expect, test } from 'vitest';
import { legacyHome } from '../e2e/ao/legacy-home.ts';
import { scratchFolder } from './sqlite-scratch.ts';

const session = `INSERT INTO projects (id, path, registered_at) VALUES ('one', '/one', '2026-05-20T08:00:00Z');
  INSERT INTO sessions (id, project_id, num, harness, activity_last_at, created_at, updated_at)
    VALUES ('one-1', 'one', 1, 'aider', '2026-05-20T08:00:00Z', '2026-05-20T08:00:00Z', '2026-05-20T08:00:00Z');`;

/** The `ao` of the metadata of the only session, and what the report notes of it. */
async function broughtWith(sql: string) {
  const home = legacyHome();
  home.makeDatabase(`${session}${sql}`, 82);
  const to = `sqlite:///${join(scratchFolder(), 'history.db')}`;
  const report = await importAo(home.database, to, { env: { HOME: home.path } });
  expect(report.runs.map(({ problem }) => problem)).toEqual([null]);
  const sessions = await openSessionStore(to);
  const { metadata } = await sessions.getSession('ao-rewrite:one:one-1');
  await sessions.close();
  return { facts: metadata['ao'], notes: report.runs[0]?.notes };
}

test('tables of a later version, and rows that hang on rows of the session, come along', async () => {
  const { facts } = await broughtWith(`
    CREATE TABLE conversations (key INTEGER PRIMARY KEY, session TEXT REFERENCES sessions (id));
    CREATE TABLE turns (n INTEGER PRIMARY KEY, conversation INTEGER REFERENCES conversations, body TEXT) WITHOUT ROWID;
    CREATE TABLE marks (session_id TEXT, word TEXT);
    INSERT INTO conversations VALUES (7, 'one-1'), (8, NULL);
    INSERT INTO turns VALUES (1, 7, 'what was said'), (2, 8, 'by somebody else');
    INSERT INTO marks VALUES ('one-1', 'mine'), ('two-1', 'not mine'), (NULL, 'nobody''s');
    INSERT INTO pr (url, session_id, updated_at) VALUES ('https://x/1', 'one-1', '2026-05-20T08:00:00Z');
    INSERT INTO pr_checks (pr_url, name, commit_hash, created_at) VALUES ('https://x/1', 'ci', 'abc', '2026-05-20T08:00:00Z');`);
  expect(facts).toMatchObject({
    change_log: [{ event_type: 'session_created' }, { event_type: 'pr_created' }, {}],
    conversations: [{ key: '7', session: 'one-1' }],
    marks: [{ word: 'mine' }],
    pr: [{ url: 'https://x/1' }],
    pr_checks: [{ name: 'ci' }],
    turns: [{ n: '1', body: 'what was said' }],
  });
});

test('bytes and numbers of a table are told as text, and rows that hang on each other in a circle end', async () => {
  const { facts } = await broughtWith(`
    CREATE TABLE tree (id INTEGER PRIMARY KEY, session_id TEXT, parent INTEGER REFERENCES tree (id), body BLOB);
    INSERT INTO tree VALUES (1, 'one-1', 2, x'6162'), (2, 'one-1', 1, NULL);`);
  expect(facts).toMatchObject({
    tree: [
      { parent: '2', body: 'ab' },
      { parent: '1', body: null },
    ],
  });
});

test('what is too large for the row of a session stays behind, told, and the session comes', async () => {
  const { facts, notes } = await broughtWith(`
    CREATE TABLE long (session_id TEXT, body TEXT);
    INSERT INTO long VALUES ('one-1', hex(zeroblob(7000000)));`);
  expect(notes).toContain('its 1 rows of long stay behind: they are too large for the row of a session');
  expect(facts).toMatchObject({ change_log: [{ event_type: 'session_created' }] });
});
