// Edge cases 72, 73 and 78: every layout of the legacy tool, and a large home. Each test begins with its number.
import { utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  fingerprint,
  fixtureHome,
  legacyHome,
  type LegacyHome,
  lifecycle,
  orchestrator,
  uuid,
} from './legacy-home.ts';

const keyValue = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

/** A home of about release 0.3: a storage key that is a bare hash with `key=value` files, and a hashed folder with JSON. */
function hashedHome(): LegacyHome {
  const home = legacyHome();
  home.registry({
    finch: { name: 'Finch', storageKey: 'b1b2b3b4b5b6', sessionPrefix: 'fin' },
    stork: { name: 'Stork', storageKey: 'c1c2c3c4c5c6-stork', sessionPrefix: 'sto' },
  });
  const sessions = home.base('b1b2b3b4b5b6/sessions');
  home.write(
    `${sessions}/fin-orchestrator`,
    keyValue({
      worktree: home.transcript('.worktrees/finch/fin-orchestrator'),
      branch: 'orchestrator/fin-orchestrator',
      agent: 'claude-code',
      role: 'orchestrator',
      claudeSessionUuid: uuid,
      createdAt: '2026-04-21T09:00:00.000Z',
      stateVersion: '2',
      statePayload: JSON.stringify(lifecycle({ state: 'needs_input' })),
    }),
  );
  home.write(`${sessions}/fin-1`, keyValue({ agent: 'codex', status: 'working' }));
  home.write(
    home.base('c1c2c3c4c5c6-stork/sessions/sto-orchestrator.json'),
    orchestrator({
      agent: 'codex',
      codexThreadId: 'thread-1',
      lifecycle: undefined,
      stateVersion: '2',
      statePayload: JSON.stringify(lifecycle({ state: 'idle' })),
    }),
  );
  return home;
}

it('72: both hashed layouts are read, as they are', async () => {
  const home = hashedHome();
  const before = fingerprint(home);
  expect(await home.migrate()).toMatchObject({
    code: 0,
    projects: [2, 0, 0],
    orchestrators: [2, 0, 0],
    relocated: 1,
  });
  expect(
    home.orchestrators.map(({ id, harness, activity_state: state, agent_session_id: resume }) => [
      id,
      harness,
      state,
      resume,
    ]),
  ).toEqual([
    ['fin-orchestrator', 'claude-code', 'waiting_input', uuid],
    ['sto-orchestrator', 'codex', 'idle', 'thread-1'],
  ]);
  expect(fingerprint(home)).toBe(before);
});

it('72: --strict-parity reads the newest layout only', async () => {
  expect(await hashedHome().migrate(['--strict-parity'])).toMatchObject({
    projects: [2, 0, 0],
    orchestrators: [0, 0, 0],
  });
});

it('72: folders that were moved away, and those of metrics, are no projects', async () => {
  const home = legacyHome();
  home.registry({ 'x.migrated': {}, 'x-observability': {} });
  home.write(home.base('b1b2b3b4b5b6-x.migrated/sessions/x-orchestrator.json'), orchestrator());
  home.write(home.base('b1b2b3b4b5b6-x-observability/sessions/x-orchestrator.json'), orchestrator());
  expect(await home.migrate()).toMatchObject({ projects: [2, 0, 0], orchestrators: [0, 0, 0] });
});

describe('72: of two records with one name', () => {
  it('the one that was created later counts, then the one that was written later', async () => {
    const home = legacyHome();
    home.registry({ fin: { sessionPrefix: 'fin' } });
    const write = (folder: string, branch: string, createdAt: string): string =>
      home.write(home.base(folder, 'sessions/fin-orchestrator.json'), orchestrator({ branch, createdAt }));
    write('a1b2b3b4b5b6-fin', 'old', '2026-04-01T00:00:00.000Z');
    write('b1b2b3b4b5b6-fin', 'new', '2026-04-02T00:00:00.000Z');
    write('projects/fin', 'older', '2026-03-01T00:00:00.000Z');
    const written = write('c1b2b3b4b5b6-fin', 'newest', '2026-04-02T00:00:00.000Z');
    utimesSync(written, 1_790_000_000, 1_790_000_000);
    await home.migrate();
    expect(home.orchestrator['branch']).toBe('newest');
  });
});

describe('72: an archive', () => {
  it.each([
    'fin-orchestrator_20260420T143052Z',
    'fin-orchestrator_2026-04-20T14:30:52.000Z',
    'fin-orchestrator_20260420T143052Z.json',
  ])('tells that %s has ended', async (name) => {
    const home = legacyHome();
    home.registry({ fin: { sessionPrefix: 'fin' } });
    const text = name.endsWith('.json')
      ? JSON.stringify(orchestrator())
      : keyValue({ role: 'orchestrator', agent: 'codex', status: 'working' });
    home.write(home.base('b1b2b3b4b5b6-fin/sessions/archive', name), text);
    expect(await home.notes()).toContain('orchestrator is terminal (state=terminated)');
    expect(await home.migrate()).toMatchObject({ projects: [1, 0, 0], orchestrators: [0, 1, 0] });
  });

  it('does not stand in the way of the one that lives', async () => {
    const home = legacyHome();
    home.registry({ fin: { sessionPrefix: 'fin' } });
    home.session('fin', 'fin-orchestrator', orchestrator({ branch: 'live' }));
    home.write(
      home.base('projects/fin/sessions/archive/fin-orchestrator_20270420T143052Z.json'),
      orchestrator({ createdAt: '2027-04-20T00:00:00.000Z' }),
    );
    await home.migrate();
    expect(home.orchestrator['branch']).toBe('live');
  });
});

describe('73: a home without a registry', () => {
  it('has nothing to migrate by itself', async () => {
    expect(await fixtureHome('home-v02-keyvalue').migrate()).toMatchObject({ code: 0, projects: [0, 0, 0] });
  });

  it('is told what was found there, and the command that brings it', async () => {
    const home = fixtureHome('home-v02-keyvalue');
    const notes = await home.notes();
    expect(notes).toContain(`${home.base('config.yaml')}: nothing to migrate: it is not there`);
    expect(notes).not.toContain('lists no project');
    const config = home.at('repos/heron/agent-orchestrator.yaml');
    expect(notes).toContain(
      `- [home] ${home.base('a3b4c5d6e7f8-heron')}: holds sessions of 'heron', from before there was a registry: \`ao-migrate --config ${config}\` brings it`,
    );
    expect((await home.run(['--check'])).code).toBe(0);
  });

  it('is told once of a file that several projects were set up by', async () => {
    const home = legacyHome();
    const config = home.write('my repos/agent-orchestrator.yaml', 'projects: {}');
    for (const id of ['a', 'b']) home.write(home.base(`a3b4c5d6e7f8-${id}/.origin`), `${config}\n`);
    expect((await home.notes()).match(/brings it/g)).toHaveLength(1);
    expect(await home.notes()).toContain(`'a', 'b'`);
    expect(await home.notes()).toContain(`--config '${config}'`);
  });

  it.each([
    [
      'that is gone',
      '/gone/agent-orchestrator.yaml',
      'was set up by /gone/agent-orchestrator.yaml, which is not there',
    ],
    ['that nothing names', null, 'nothing says where'],
  ])('is told how to name a file %s', async (_, origin, words) => {
    const home = legacyHome();
    home.write(home.base('a3b4c5d6e7f8-heron/sessions/her-1'), 'agent=codex');
    home.write(home.base('a3b4c5d6e7f8-observability/x'), '');
    home.write(home.base('a3b4c5d6e7f8-heron.migrated/x'), '');
    if (origin !== null) home.write(home.base('a3b4c5d6e7f8-heron/.origin'), origin);
    const notes = await home.notes();
    expect(notes).toContain(words);
    expect(notes).toContain('`ao-migrate --config FILE`');
    expect(notes.match(/holds sessions/g)).toHaveLength(1);
  });

  it('is read by the file that somebody names', async () => {
    const home = fixtureHome('home-v02-keyvalue');
    const before = fingerprint(home);
    const config = home.at('repos/heron/agent-orchestrator.yaml');
    expect(await home.migrate(['--config', config])).toMatchObject({
      code: 0,
      projects: [1, 0, 0],
      orchestrators: [1, 0, 0],
    });
    expect(home.project('heron')).toMatchObject({
      display_name: 'Heron',
      repo_origin_url: 'https://github.com/fernlabs/heron.git',
      config: { sessionPrefix: 'her', agentConfig: { model: 'model-b', permissions: 'bypass-permissions' } },
    });
    expect(home.orchestrator).toMatchObject({
      id: 'her-orchestrator',
      activity_state: 'active',
      branch: 'main',
      workspace_path: home.at('repos/heron'),
      created_at: '2026-03-01T09:00:00.000Z',
    });
    expect(fingerprint(home)).toBe(before);
  });

  it('is told which older file could be named', async () => {
    const home = legacyHome();
    const older = home.write('.agent-orchestrator.yaml', 'projects: {}');
    expect(await home.notes()).toContain(`\`ao-migrate --config ${older}\` reads it`);
  });

  it('a named file that is not there is a failure', async () => {
    const home = legacyHome();
    const { code, out, err } = await home.run(['--config', 'gone.yaml']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('gone.yaml cannot be read: it is not there');
  });
});

it('78: two hundred projects and five thousand sessions arrive', async () => {
  const home = legacyHome();
  const ids = Array.from({ length: 200 }, (_, index) => `p${index}`);
  home.registry(Object.fromEntries(ids.map((id) => [id, { path: home.at('gone', id), sessionPrefix: id }])));
  for (const id of ids) {
    home.session(id, `${id}-orchestrator`, orchestrator());
    for (let worker = 1; worker < 25; worker += 1)
      home.session(id, `${id}-${worker}`, orchestrator({ role: undefined }));
  }
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [200, 0, 0], orchestrators: [200, 0, 0] });
});
