// `runlog redact` as a process: what it drops from a session, from every byte of the file, and what it refuses.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openSessionStore, openStore } from 'runlog';
import {
  countingMint,
  newExecution,
  newSession,
  newSessionEvent,
  type SessionEventType,
} from 'runlog/sessions';
import { beforeEach, describe, expect, test } from 'vitest';
import { schemaName, serverUrl, dropSchema } from '../../harness/postgres/scratch-schema.ts';
import { makeModelRun } from './stored-runs.ts';
import { type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///sessions.db';
const phrase = 'my phone is 555-1234';
const why = ['--reason', 'request 17', '--by', 'ops'];
const note = { by: 'ops', reason: 'request 17' };
const command = ['redact', url, 'ann', '--event', 'told', '--event', 'called', ...why];
let place: Workplace;

const said: readonly (readonly [id: string, type: SessionEventType, data: Record<string, string>])[] = [
  ['hello', 'message_sent', { role: 'user', content: 'hello' }],
  ['told', 'message_sent', { role: 'user', content: phrase }],
  ['called', 'tool_call_started', { tool_name: 'crm', tool_call_id: 't1', note: phrase }],
  ['answered', 'message_received', { role: 'assistant', content: 'noted' }],
];

/** Of the session `ann`, whose run was asked the phrase, the events `told` and `called` hold it; a run of `bob` is under way. */
async function talk(storeUrl: string): Promise<void> {
  const mint = countingMint();
  const sessions = await openSessionStore(await openStore(storeUrl));
  for (const id of ['ann', 'bob']) await sessions.saveSession(newSession({ id, agentId: 'helpdesk' }, mint));
  const run = newExecution({ id: 'call', sessionId: 'ann', input: phrase }, mint);
  await sessions.saveRun({ ...run, status: 'completed', output: { content: 'noted' } });
  await sessions.saveRun({ ...newExecution({ id: 'now', sessionId: 'bob' }, mint), status: 'running' });
  const made = said.map(([id, type, data]) =>
    newSessionEvent({ id, type, sessionId: 'ann', runId: 'call', data }, mint),
  );
  const busy = newSessionEvent({ id: 'busy', type: 'message_sent', sessionId: 'bob', runId: 'now' }, mint);
  await sessions.appendEvents([...made, busy]);
  await sessions.close();
}

/** Which files of the folder hold the phrase. */
function holders(): readonly string[] {
  return readdirSync(place.folder).filter((name) => readFileSync(place.path(name)).includes('555-1234'));
}

beforeEach(async () => {
  place = workplace();
  await talk(`sqlite:///${place.path('sessions.db')}`);
});

test('without --apply it says what would go, and changes no byte', async () => {
  const before = place.fingerprint();
  const { code, stdout } = await place.runlog(command);
  expect([code, stdout.split('\n').map((line) => line.replace(/\d{4}-\S+Z/, 'TIME'))]).toEqual([
    0,
    [
      'would go  told  2  message_sent  TIME',
      'would go  called  3  tool_call_started  TIME',
      'would go  input of run call',
      'summary: 2 events would be redacted, 0 were before',
      'left: 1 message_received, 1 message_sent of the same runs may repeat what goes; to take them too, add --type message_received --type message_sent',
      'Nothing was changed. With --apply it is done, and the data cannot be brought back.',
      '',
    ],
  ]);
  expect(place.fingerprint()).toEqual(before);
});

test('with --apply the text is in no byte of the store and of the files beside it', async () => {
  expect(holders()).not.toEqual([]);
  const { code, stdout } = await place.runlog([...command, '--apply', '--json']);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      ...{ session_id: 'ann', dry_run: false, ...note, events_redacted: 2 },
      events: [
        { event_id: 'told', sequence_number: 2, redacted_before: null },
        { event_id: 'called', sequence_number: 3, redacted_before: null },
      ],
      runs: [{ run_id: 'call', fields: ['input'] }],
    },
  ]);
  expect(holders()).toEqual([]);
});

test('what was redacted before is said, keeps its note, and the command succeeds', async () => {
  await place.runlog([...command, '--apply']);
  const again = ['redact', url, 'ann', '--type', 'message_sent', '--reason', 'again', '--by', 'eve'];
  const { code, stdout } = await place.runlog([...again, '--apply']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^gone {6}hello .*\nbefore {4}told .* \(redacted by ops at \S+: request 17\)\nsummary: 1 event redacted, 1 was before\nleft: 1 message_received of .*\n$/,
  );
  const none = await place.runlog([...again, '--apply']);
  expect([none.code, none.stdout.split('\n').at(-3)]).toEqual([
    0,
    'summary: 0 events redacted, 2 were before',
  ]);
});

test('afterwards every command that reads the session works, and shows who redacted it when and why', async () => {
  await place.runlog([...command, '--apply']);
  const mark = /\(redacted by ops at \S+Z: request 17\)/g;
  const marksOf = async (...words: readonly string[]): Promise<number> => {
    const { code, stdout, stderr } = await place.runlog(words);
    expect(code, stderr).toBe(0);
    expect(stdout).not.toContain('555-1234');
    return stdout.match(mark)?.length ?? 0;
  };
  const byRun = [url, '--run-id', 'ann'];
  expect(await marksOf('session', url, 'ann')).toBe(1);
  expect(await marksOf('session', url, 'ann', '--events')).toBe(2);
  expect(await marksOf('inspect', ...byRun, '--verify')).toBe(3);
  expect(await marksOf('inspect', ...byRun, '--event', 'told')).toBe(1);
  expect(await marksOf('export-trace', ...byRun)).toBe(2);
  expect(await marksOf('doctor', url)).toBe(0);
  expect(await marksOf('migrate', '--from', url, '--to', 'sqlite:///moved.db')).toBe(0);
  expect(await marksOf('session', 'sqlite:///moved.db', 'ann', '--events')).toBe(2);
});

test('programs are told, too: an exported and a listed event have the note, and an empty payload', async () => {
  await place.runlog([...command, '--apply']);
  const exported = await place.runlog(['export-trace', url, '--run-id', 'ann', '--format', 'events']);
  const lines = exported.stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(lines[1]).toMatchObject({ id: 'told', payload: {}, redacted: note });
  expect(lines[3]).not.toHaveProperty('redacted');
  const listed = await place.runlog(['session', url, 'ann', '--events', '--json']);
  expect(JSON.parse(listed.stdout.split('\n')[1] ?? '')).toMatchObject({ id: 'told', redacted: note });
  const one = await place.runlog(['inspect', url, '--run-id', 'ann', '--event', 'told', '--json']);
  expect(JSON.parse(one.stdout)).toMatchObject({ payload: {}, redacted: note });
  const session = await place.runlog(['session', url, 'ann', '--json']);
  expect(JSON.parse(session.stdout)).toMatchObject({ runs: [{ run_id: 'call', redacted: note }] });
});

test('a file of events takes a redacted event along, for a session and not for the run of a graph', async () => {
  const sessions = await openSessionStore(place.path('bare.db'));
  const of = { type: 'message_sent', sessionId: 'bare', data: { content: phrase } } as const;
  for (const id of ['one', 'two']) await sessions.appendEvent(newSessionEvent({ id, ...of }, countingMint()));
  await sessions.close();
  const bare = 'sqlite:///bare.db';
  await place.runlog(['redact', bare, 'bare', '--event', 'one', ...why, '--apply']);
  await place.runlog(['export-trace', bare, '--run-id', 'bare', '--format', 'jsonl', '-o', 'bare.jsonl']);
  const { code, stderr } = await place.runlog(['import', 'bare.jsonl', '--to', 'sqlite:///new.db']);
  expect(code, stderr).toBe(0);
  const traces = await Promise.all(
    [bare, 'sqlite:///new.db'].map((from) => place.runlog(['export-trace', from, '--run-id', 'bare'])),
  );
  expect(traces[1]?.stdout).toBe(traces[0]?.stdout);
  expect(traces[1]?.stdout).toContain('(redacted by ops at ');
  const [version = '', ...events] = place.read('bare.jsonl').split('\n');
  const open = version.replace('"kind":"session"', '"kind":"run"').replace(/,"hash":"\w+"\}$/, '');
  const hash = createHash('sha256').update(open).digest('hex');
  writeFileSync(place.path('run.jsonl'), [`${open},"hash":"${hash}"}`, ...events].join('\n'));
  const refused = await place.runlog(['import', 'run.jsonl', '--to', 'sqlite:///run.db']);
  expect([refused.code, refused.stdout]).toEqual([4, expect.stringContaining('was dropped')]);
});

test('when somebody reads meanwhile it is said, and the same command again takes the bytes away', async () => {
  const reader = new DatabaseSync(place.path('sessions.db'), { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM events');
  const held = await place.runlog([...command, '--apply']);
  expect([held.code, held.stderr]).toEqual([
    0,
    expect.stringContaining('Another program is reading the store.'),
  ]);
  expect(holders()).not.toEqual([]);
  reader.close();
  const again = await place.runlog([...command, '--apply']);
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect(again.stdout).toContain('summary: 0 events redacted, 2 were before');
  expect(holders()).toEqual([]);
});

test('the list that is recommended for an unknown event has the ids of a session', async () => {
  const { stderr } = await place.runlog(['redact', url, 'ann', '--event', 'nope', ...why]);
  const remedy = /`runlog (inspect [^`]+)`/.exec(stderr)?.[1] ?? '';
  expect((await place.runlog(remedy.split(' '))).stdout).toMatch(/^ {2}told +message_sent {2}/m);
});

test('the ids that it takes are those that a search in the session lists', async () => {
  const { stdout } = await place.runlog(['inspect', url, '--run-id', 'ann', '--search', '555-1234']);
  expect(stdout.split('\n').map((line) => line.trim().split(' ')[0])).toEqual(['told', 'called', '']);
});

describe('refused is', () => {
  const of = (...words: readonly string[]) => ['redact', url, ...words, ...why];
  const refused: readonly (readonly [string, readonly string[], number, string])[] = [
    ['an unknown session', of('nobody', '--event', 'told'), 3, "session 'nobody' is not there"],
    ['an unknown event', of('ann', '--event', 'told', '--event', 'nope'), 3, "event 'nope' not found"],
    ['an event of another session', of('ann', '--event', 'busy'), 3, "event 'busy' not found"],
    ['a run under way', of('bob', '--event', 'busy'), 1, "run 'now' is running"],
    [
      'a store that is not there',
      ['redact', 'sqlite:///no.db', 'ann', '--event', 'x', ...why],
      3,
      'no store',
    ],
    ['a bare path', ['redact', 'sessions.db', 'ann', '--event', 'x', ...why], 2, 'sqlite:///sessions.db'],
    ['an unknown type', of('ann', '--type', 'message'), 2, 'Allowed choices are'],
    ['nothing that says which events', of('ann'), 2, 'runlog delete sqlite:///sessions.db --run-id ann'],
    ['no reason', ['redact', url, 'ann', '--event', 'told', '--by', 'ops'], 2, "'--reason <text>'"],
    [
      'an empty reason',
      ['redact', url, 'ann', '--event', 'told', '--by', 'ops', '--reason', ' '],
      2,
      'empty',
    ],
    ['nobody', ['redact', url, 'ann', '--event', 'told', '--reason', 'x'], 2, "'--by <name>'"],
  ];

  test.each(refused)('%s, with --apply as without it', async (_what, words, expected, message) => {
    const before = place.fingerprint();
    for (const more of [[], ['--apply']]) {
      const { code, stdout, stderr } = await place.runlog([...words, ...more]);
      expect([code, stdout]).toEqual([expected, '']);
      expect(stderr).toContain(message);
    }
    expect(place.fingerprint()).toEqual(before);
  });

  test('the run of a graph, with the command that deletes it', async () => {
    await makeModelRun(place.path('runs.db'));
    const words = ['redact', 'sqlite:///runs.db', 'run_m', '--event', 'evt_001', ...why];
    for (const more of [[], ['--apply']]) {
      const { code, stderr } = await place.runlog([...words, ...more]);
      expect([code, stderr]).toEqual([1, expect.stringContaining('it is the run of a graph')]);
      expect(stderr).toContain('`runlog delete sqlite:///runs.db --run-id run_m');
    }
  });

  test('a file that may only be read', async () => {
    const { code, stderr } = await place.asReader([...command, '--apply']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be written')]);
    expect(holders()).not.toEqual([]);
  });

  test('everything as JSON where that is asked for', async () => {
    const { code, stdout, stderr } = await place.runlog([...of('ann', '--event', 'nope'), '--json']);
    expect([code, stdout, JSON.parse(stderr)]).toMatchObject([
      3,
      '',
      { error: { code: 'event-not-found-error' } },
    ]);
  });
});

test('a PostgreSQL store is redacted in the same words', async () => {
  const schema = schemaName();
  try {
    const { href } = new URL(`?schema=${encodeURIComponent(schema)}`, serverUrl());
    await talk(href);
    const words = ['redact', href, ...command.slice(2)];
    expect((await place.runlog(words)).stdout).toContain('2 events would be redacted');
    const done = await place.runlog([...words, '--apply']);
    expect([done.code, done.stdout.split('\n').slice(-4, -2)], done.stderr).toEqual([
      0,
      ['gone      input of run call', 'summary: 2 events redacted, 0 were before'],
    ]);
    const shown = await place.runlog(['session', href, 'ann', '--events']);
    expect(shown.stdout).toMatch(/message_sent {2}\(redacted by ops at \S+Z: request 17\)/);
    expect(shown.stdout).not.toContain('555-1234');
    expect((await place.runlog(['doctor', href])).code).toBe(0);
    expect((await place.runlog(['redact', href, 'ann', '--event', 'nope', ...why])).code).toBe(3);
  } finally {
    await dropSchema(schema);
  }
});
