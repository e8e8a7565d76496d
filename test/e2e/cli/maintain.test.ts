// `runlog maintain` as a process: what it prints, what it ends with, and what bad policies are told.
import { writeFileSync } from 'node:fs';
import { openSessionStore, openStore } from 'runlog';
import { isSessionLogStore } from 'runlog/log';
import { beforeEach, describe, expect, test } from 'vitest';
import { daysAgo, RetentionBed, times } from '../../harness/retention-bed.ts';
import { type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///sessions.db';
const long = '2000-01-01T00:00:00.000000Z';
const command = ['maintain', url, '--policy', 'policy.json'];
let place: Workplace;

function policy(text: string | object, name = 'policy.json'): void {
  writeFileSync(place.path(name), typeof text === 'string' ? text : JSON.stringify(text));
}

/** The clock of the command is that of the machine, so what is old is very old and what is young is of the future. */
beforeEach(async () => {
  place = workplace();
  const store = await openStore(`sqlite:///${place.path('sessions.db')}`);
  if (!isSessionLogStore(store)) throw new Error('no sessions');
  const bed = new RetentionBed(store);
  const young = { createdAt: daysAgo(-1), updatedAt: daysAgo(-1) };
  await bed.session('old', { updatedAt: long, status: 'completed' });
  await bed.session('pinned', { updatedAt: long, tags: ['pinned'] });
  await bed.session('marked', { deletedAt: long });
  await bed.session('talkative', young);
  await bed.run('r', 'marked');
  await bed.events('marked', times(3, 'message_sent'));
  await bed.events('talkative', times(5, 'message_streamed'));
  await store.close();
});

const done = [
  'mark     old  its row was not changed for too long',
  'remove   marked  3 events, 1 run, 0 artifacts',
  'prune    talkative  3 events of 5',
];

test('a dry run says what would be done and changes nothing; then it is done, and there is nothing more to do', async () => {
  policy({ max_events_per_session: 2 });
  const before = place.fingerprint();
  const dry = await place.runlog([...command, '--dry-run']);
  expect([dry.code, dry.stdout.split('\n')]).toEqual([
    0,
    [
      ...done,
      'summary: 1 session would be marked as deleted, 1 removed, 3 events pruned in 1 session, 0 orphaned artifacts cleaned up',
      'Nothing was changed. Without --dry-run it is done.',
      '',
    ],
  ]);
  expect(place.fingerprint()).toEqual(before);
  const told = await place.runlog(command);
  expect([told.code, told.stdout.split('\n').slice(0, 3)]).toEqual([0, done]);
  const again = await place.runlog([...command, '--json']);
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([
    0,
    {
      ok: true,
      dry_run: false,
      sessions_soft_deleted: 0,
      sessions_hard_deleted: 0,
      events_pruned: 0,
      errors: [],
    },
  ]);
  const store = await openSessionStore(place.path('sessions.db'), { mode: 'read' });
  expect((await store.listSessions()).map(({ id }) => id).toSorted()).toEqual(['old', 'pinned', 'talkative']);
  await store.close();
  expect((await place.runlog(['doctor', url])).code).toBe(0);
});

test('YAML says the same, and an archive of it has what went', async () => {
  policy(
    'hard_delete_after_days: 30 # days\nmax_completed_session_age_days: ~\narchive_before_prune: true\narchive_store: sqlite:///archive.db\n',
    'policy.yaml',
  );
  const { code, stdout } = await place.runlog(['maintain', url, '--policy', 'policy.yaml', '--json']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { archived: ['marked'], sessions_soft_deleted: 0 }]);
  const archive = await openSessionStore(place.path('archive.db'), { mode: 'read' });
  expect((await archive.getEvents('marked')).length).toBe(3);
  await archive.close();
});

describe('bad input', () => {
  const bad: readonly (readonly [string, string, string])[] = [
    ['no JSON', '{max: 1', 'it is no JSON'],
    ['an unknown knob', '{"max_event_per_session": 1}', "did you mean 'max_events_per_session'?"],
    [
      'a value that cannot be meant',
      '{"batch_size": 0, "exempt_tags": 7}',
      'exempt_tags must be a list of texts; batch_size must be',
    ],
    [
      'a knob that stands there twice',
      '{"batch_size": 5,\n"batch_size": 6}',
      'line 2: a knob stands there twice',
    ],
    ['an archive without a place', '{"archive_before_prune": true}', 'archive_store must be given'],
    ['a list', '[]', 'must be a map'],
    ['an empty file', '', 'it is no JSON'],
  ];

  test.each(bad)('%s ends with 2 and says what is wrong', async (_what, text, message) => {
    policy(text);
    const before = place.fingerprint();
    const { code, stdout, stderr } = await place.runlog(command);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(place.fingerprint()).toEqual(before);
  });

  test('a file, a store or a folder that is not there ends with 3, a missing option and a strange place with 2', async () => {
    expect((await place.runlog(command)).code).toBe(3);
    policy({});
    expect((await place.runlog(['maintain', 'sqlite:///none.db', '--policy', 'policy.json'])).code).toBe(3);
    const gone = await place.runlog([...command, '--artifacts', 'nowhere']);
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining("no folder 'nowhere'")]);
    expect((await place.runlog([...command, '--artifacts', 'ftp://x'])).code).toBe(2);
    expect((await place.runlog(['maintain', url])).code).toBe(2);
    const { stderr } = await place.runlog(['maintain', url, '--policy', 'none.json', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'policy-file-error' } });
  });

  test('what fails is told and ends with 1', async () => {
    const store = await openStore(`sqlite:///${place.path('sessions.db')}`);
    const bed = new RetentionBed(store);
    await bed.registry.of('marked').put('a', new Uint8Array([1]));
    await store.close();
    policy({});
    const { code, stdout } = await place.runlog(command);
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed {3}marked {2}.*1 artifacts/);
  });
});
