// Artifacts beside sessions, as the command sees them: moved with their session, looked at, and removed with it.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { archiveRuns, deleteRuns, openSessionStore, openStore, sha256, systemMint } from 'runlog';
import { isSessionLogStore } from 'runlog/log';
import { type ArtifactRegistry, artifactRegistry, newExecution, newSession } from 'runlog/sessions';
import { fileArtifacts } from 'runlog/artifacts/file';
import { beforeEach, expect, test } from 'vitest';
import { type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///sessions.db';
const doctor = ['doctor', url, '--artifacts', 'files', '--json'];
const move = [
  'migrate',
  '--from',
  url,
  '--to',
  'sqlite:///copy.db',
  '--artifacts-from',
  'files',
  '--artifacts-to',
  'copied',
  '--json',
];
let place: Workplace;

async function within<Answer>(
  name: string,
  folder: string,
  work: (registry: ArtifactRegistry) => Promise<Answer>,
): Promise<Answer> {
  const log = await openStore(`sqlite:///${place.path(name)}`);
  if (!isSessionLogStore(log)) throw new Error('no sessions');
  try {
    return await work(artifactRegistry({ log, artifacts: fileArtifacts(place.path(folder)), sha256 }));
  } finally {
    await log.close();
  }
}

beforeEach(async () => {
  place = workplace();
  const sessions = await openSessionStore(place.path('sessions.db'));
  for (const id of ['s1', 's2']) await sessions.saveSession(newSession({ id, agentId: 'a' }, systemMint));
  await sessions.close();
  await within('sessions.db', 'files', async (registry) => {
    for (const [id, text] of [
      ['s1', 'one'],
      ['s2', 'two'],
    ] as const)
      await registry.of(id).put('report.md', new TextEncoder().encode(text));
  });
});

async function blobsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(place.path(`${folder}/blobs`), { recursive: true }).catch(() => []);
  return names.filter((name) => name.length > 60);
}

test('doctor reads all bytes: it finds nothing at first, then what is missing, damaged and named by nobody', async () => {
  expect((await place.runlog(doctor)).code).toBe(0);
  const files = fileArtifacts(place.path('files'));
  await files.delete('s1/report.md');
  await files.put('stranger', new TextEncoder().encode('x'));
  const [blob = ''] = (await blobsIn('files')).filter((name) => name.includes(sha256('two')));
  writeFileSync(place.path(`files/blobs/${blob}`), 'twa');
  const { code, stdout } = await place.runlog(doctor);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    4,
    {
      state: 'damaged',
      findings: [
        { code: 'artifact-missing', run_id: 's1' },
        { code: 'artifact-damaged', run_id: 's2' },
        { code: 'artifact-orphaned', run_id: null },
      ],
    },
  ]);
  expect((await place.runlog(['doctor', url])).code).toBe(0);
  expect((await place.runlog(['doctor', url, '--artifacts', 'nowhere'])).code).toBe(3);
});

test('delete lists the artifacts of a session, leaves it while nobody says where they are, and takes them along', async () => {
  const gone = ['delete', url, '--run-id', 's1', '--status', 'session'];
  const blind = await place.runlog([...gone, '--apply']);
  expect(blind.code).toBe(1);
  expect(blind.stdout).toMatch(/^failed {4}s1 {2}It has artifacts \(1\), .+ `--artifacts FOLDER`/);
  const looked = await place.runlog([...gone, '--artifacts', 'files']);
  expect(looked.stdout.split('\n').slice(0, 2)).toEqual([
    'would go  s1  0 events, 1 artifacts',
    '            s1/report.md',
  ]);
  expect(await blobsIn('files')).toHaveLength(2);
  const done = await place.runlog([...gone, '--artifacts', 'files', '--apply', '--json']);
  expect(JSON.parse(done.stdout)).toMatchObject({
    ok: true,
    leaving: [{ run_id: 's1', artifacts: ['s1/report.md'] }],
  });
  expect((await fileArtifacts(place.path('files')).list()).artifacts.map(({ key }) => key)).toEqual([
    's2/report.md',
  ]);
  expect((await place.runlog([...gone, '--artifacts', 'nowhere'])).code).toBe(3);
});

test('delete leaves a session in which an agent is at work', async () => {
  const sessions = await openSessionStore(place.path('sessions.db'));
  const lease = { owner: 'somebody', epoch: 1, expires_at: '2999-01-01T00:00:00.000000Z' };
  const run = newExecution({ sessionId: 's1', metadata: { lease } }, systemMint);
  await sessions.saveRun({ ...run, status: 'running' });
  await sessions.close();
  const gone = ['delete', url, '--run-id', 's1', '--status', 'session', '--artifacts', 'files', '--apply'];
  expect((await place.runlog(gone)).stdout).toMatch(/^stays {5}s1 {2}an agent is writing it\n/);
});

test('migrate brings artifacts along, tells how many, and the copy is whole without the first folder', async () => {
  const dry = await place.runlog([...move, '--dry-run']);
  expect([dry.code, existsSync(place.path('copied'))]).toEqual([0, false]);
  const { code, stdout } = await place.runlog(move);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    { ok: true, runs: [{ run_id: 's1', status: 'copied', artifacts: 1 }, { artifacts: 1 }] },
  ]);
  rmSync(place.path('files'), { recursive: true });
  expect((await place.runlog(['doctor', 'sqlite:///copy.db', '--artifacts', 'copied'])).code).toBe(0);
  const bytes = await within(
    'copy.db',
    'copied',
    async (registry) => (await registry.of('s1').get('report.md')).bytes,
  );
  expect(new TextDecoder().decode(bytes)).toBe('one');
});

test('a session whose artifact cannot come along does not come, and the others do', async () => {
  await fileArtifacts(place.path('files')).delete('s1/report.md');
  for (const more of [['--dry-run'], []]) {
    const { code, stdout } = await place.runlog([...move, ...more]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { ok: false, runs: [{ run_id: 's1', status: 'failed' }, { status: 'copied' }] },
    ]);
  }
  const copy = await openSessionStore(place.path('copy.db'), { mode: 'read' });
  expect((await copy.listSessions()).map(({ id }) => id)).toEqual(['s2']);
  await copy.close();
});

test('without places it says that the bytes stay, and one place alone is refused', async () => {
  const { code, stdout } = await place.runlog(['migrate', '--from', url, '--to', 'sqlite:///copy.db']);
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('the bytes of 1 artifacts stay where they are'),
  ]);
  const alone = await place.runlog([
    'migrate',
    '--from',
    url,
    '--to',
    'sqlite:///copy.db',
    '--artifacts-to',
    'x',
  ]);
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('together')]);
});

test('a session that is deleted takes its bytes along; with nothing known of their place, and into an archive, it does not go', async () => {
  const at = `sqlite:///${place.path('sessions.db')}`;
  const archive = `sqlite:///${place.path('archive.db')}`;
  const policy = { ids: ['s1'], statuses: ['session'], apply: true };
  for (const report of [await deleteRuns(at, policy), await archiveRuns(at, archive, policy)]) {
    expect(report).toMatchObject({
      ok: false,
      leaving: [{ runId: 's1', problem: expect.stringContaining('artifacts (1)') as unknown }],
    });
  }
  expect(await deleteRuns(at, { ...policy, artifacts: place.path('files') })).toMatchObject({ ok: true });
  const { artifacts } = await fileArtifacts(place.path('files')).list();
  expect(artifacts.map(({ key }) => key)).toEqual(['s2/report.md']);
  expect((await place.runlog(doctor)).code).toBe(0);
});

test('maintain removes a session that was marked long ago with its bytes', async () => {
  const sessions = await openSessionStore(place.path('sessions.db'));
  const session = await sessions.getSession('s1');
  await sessions.saveSession({ ...session, deletedAt: '2000-01-01T00:00:00.000000Z' });
  await sessions.close();
  writeFileSync(place.path('policy.json'), '{}');
  const { code, stdout } = await place.runlog([
    'maintain',
    url,
    '--policy',
    'policy.json',
    '--artifacts',
    'files',
  ]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('remove   s1  0 events, 0 runs, 1 artifact')]);
  expect((await fileArtifacts(place.path('files')).list()).artifacts.map(({ key }) => key)).toEqual([
    's2/report.md',
  ]);
});
