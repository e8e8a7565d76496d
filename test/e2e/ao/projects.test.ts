// Edge cases 13 to 29, 48, 49, 74 to 77: the rows of projects. Each test begins with its number.
import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileTime, fixtureHome, legacyHome, orchestrator } from './legacy-home.ts';

const parity = ['--strict-parity'];

it('13: a project whose local file is malformed is skipped with a note', async () => {
  const home = legacyHome();
  home.registry({ a: {}, b: {} });
  home.local('a', 'env: {A: [\n');
  home.session('a', 'a-orchestrator', orchestrator());
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 1, 0], orchestrators: [0, 0, 0] });
  expect(await home.notes()).toContain('[project] a: skipped: local config could not be resolved: line 2');
});

describe('14: a local file of the old wrapped form', () => {
  it('is read where one of its entries is the project', async () => {
    const home = legacyHome();
    home.registry({ heron: { path: home.at('repos/heron') } });
    home.local('heron', {
      defaults: { worker: { agent: 'aider' } },
      projects: {
        other: { path: '/x', postCreate: ['no'] },
        heron: { defaultBranch: 'dev', postCreate: ['npm ci'] },
      },
    });
    expect(await home.migrate()).toMatchObject({ projects: [1, 0, 0] });
    expect(home.project('heron').config).toEqual({
      defaultBranch: 'dev',
      postCreate: ['npm ci'],
      worker: { agent: 'aider' },
    });
  });

  it('is read where it has a single entry', async () => {
    const home = legacyHome();
    home.registry({ heron_0a1b2c3d4e: { path: home.at('repos/heron') } });
    home.local('heron', { projects: { heron: { postCreate: ['npm ci'] } } });
    await home.migrate();
    expect(home.project('heron_0a1b2c3d4e').config).toEqual({ postCreate: ['npm ci'] });
  });

  it('skips the project where none of several entries is it, and always with --strict-parity', async () => {
    const home = legacyHome();
    home.registry({ heron: { path: home.at('repos/heron') } });
    home.local('heron', { projects: { a: { path: '/a' }, b: { path: '/b' } } });
    expect(await home.migrate(['--dry-run'])).toMatchObject({ projects: [0, 1, 0] });
    home.local('heron', { projects: { heron: {} } });
    expect(await home.migrate(['--dry-run', ...parity])).toMatchObject({ projects: [0, 1, 0] });
  });
});

it('15: a project whose folder is gone is inserted with a note', async () => {
  const home = legacyHome();
  home.registry({ a: { path: home.at('gone') } });
  expect(await home.notes()).toContain('[project] a: path missing');
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 0, 0] });
  expect(home.project('a')).toMatchObject({ repo_origin_url: '', registered_at: fileTime });
});

it('16: a folder without git, and one without an origin, has no origin', async () => {
  const home = legacyHome();
  home.git('repos/b', null);
  home.registry({ a: {}, b: {} });
  await home.migrate();
  expect(home.rows('projects').map((row) => row['repo_origin_url'])).toEqual(['', '']);
});

it('16: what the registry says about the origin stands in for git, and not with --strict-parity', async () => {
  const home = legacyHome();
  home.registry({
    a: { repo: { originUrl: 'https://example.test/o/r' } },
    b: { originUrl: 'https://example.test/p' },
  });
  await home.migrate();
  expect(home.rows('projects').map((row) => row['repo_origin_url'])).toEqual([
    'https://example.test/o/r',
    'https://example.test/p',
  ]);
  const strict = legacyHome();
  strict.registry({ a: { repo: { originUrl: 'https://example.test/o/r' } } });
  await strict.migrate(parity);
  expect(strict.project('a')['repo_origin_url']).toBe('');
});

it('17: an origin for ssh is kept as it is', async () => {
  const home = legacyHome();
  home.git('repos/a', 'git@github.com:o/r.git');
  home.registry({ a: { repo: 'o/r' } });
  await home.migrate();
  expect(home.project('a')['repo_origin_url']).toBe('git@github.com:o/r.git');
});

describe('18: a project for which nobody set anything', () => {
  it('has no config and no display name', async () => {
    const home = legacyHome();
    home.registry({ abc: { defaultBranch: 'main', displayName: 'abc' } });
    await home.migrate();
    expect(home.project('abc')).toMatchObject({ config: null, display_name: '' });
  });

  it('gets the implied permissions and prefix with --strict-parity', async () => {
    const home = legacyHome();
    home.registry({ abc: { defaultBranch: 'main', displayName: 'abc' } });
    await home.migrate(parity);
    expect(home.project('abc').config).toEqual({
      sessionPrefix: 'abc',
      agentConfig: { permissions: 'bypass-permissions' },
    });
  });
});

/** The config that one setting becomes, in a project with nothing else. */
async function configOf(
  local: Readonly<Record<string, unknown>>,
  args: readonly string[] = [],
): Promise<{ readonly config: unknown; readonly notes: string }> {
  const home = legacyHome();
  home.registry({ abc: {} });
  home.local('abc', local);
  const notes = await home.notes(args);
  expect((await home.migrate(args)).code).toBe(0);
  return { config: home.project('abc').config, notes };
}

it('19: a default branch other than main is kept', async () => {
  const home = legacyHome();
  home.registry({ a: { defaultBranch: 'develop' } });
  await home.migrate();
  expect(home.project('a').config).toEqual({ defaultBranch: 'develop' });
});

it('20: suggest for workers becomes default, and is told', async () => {
  const { config, notes } = await configOf({ worker: { agentConfig: { permissions: 'suggest' } } });
  expect(config).toEqual({ worker: { agentConfig: { permissions: 'default' } } });
  expect(notes).toContain('[project] abc: worker permission "suggest" mapped lossily to "default"');
});

it('21: skip becomes bypass-permissions, without a note', async () => {
  const { config, notes } = await configOf({ agentConfig: { permissions: 'skip' } });
  expect(config).toEqual({ agentConfig: { permissions: 'bypass-permissions' } });
  expect(notes).toBe('');
});

it('22: an unknown permission is left out with a note, and is default with --strict-parity', async () => {
  const { config, notes } = await configOf({ agentConfig: { permissions: 'wat', model: 'm' } });
  expect(config).toEqual({ agentConfig: { model: 'm' } });
  expect(notes).toContain('project permission "wat" is not known - left out');
  const strict = await configOf({ agentConfig: { permissions: 'wat' } }, parity);
  expect(strict.config).toMatchObject({ agentConfig: { permissions: 'default' } });
});

it('23: kimicode is kimi, and an agent that nobody knows is dropped with a note', async () => {
  const { config, notes } = await configOf({
    worker: { agent: 'kimicode' },
    orchestrator: { agent: 'frobnicator' },
  });
  expect(config).toEqual({ worker: { agent: 'kimi' } });
  expect(notes).toContain('orchestrator agent "frobnicator" has no rewrite harness - dropped');
  const strict = await configOf({ worker: { agent: 'kimicode' } }, parity);
  expect(strict.notes).toContain('worker agent "kimicode" has no rewrite harness - dropped');
});

describe('24: an agent for the whole project', () => {
  it('becomes the agent of both roles', async () => {
    const { config } = await configOf({ agent: 'codex' });
    expect(config).toEqual({ worker: { agent: 'codex' }, orchestrator: { agent: 'codex' } });
  });

  it('gives way to the agent of a role, also one from the defaults', async () => {
    const home = legacyHome();
    home.registry({ abc: {} }, { defaults: { orchestrator: { agent: 'opencode' } } });
    home.local('abc', { agent: 'codex', worker: { agent: 'aider' } });
    await home.migrate();
    expect(home.project('abc').config).toEqual({
      worker: { agent: 'aider' },
      orchestrator: { agent: 'opencode' },
    });
  });

  it('is told as dropped with --strict-parity', async () => {
    const { config, notes } = await configOf({ agent: 'codex' }, parity);
    expect(config).not.toHaveProperty('worker');
    expect(notes).toContain('no rewrite home dropped: agent');
  });
});

it('24: the model of the orchestrator becomes its own', async () => {
  const { config } = await configOf({ agentConfig: { model: 'm', orchestratorModel: 'o' } });
  expect(config).toEqual({ agentConfig: { model: 'm' }, orchestrator: { agentConfig: { model: 'o' } } });
});

it('25: settings that an old registry holds are honoured, and its file stays as it is', async () => {
  const home = fixtureHome('home-typical');
  home.registry({
    finch: {
      name: 'Finch',
      repo: 'fernlabs/finch',
      defaultBranch: 'master',
      agentConfig: { permissions: 'suggest' },
    },
  });
  await home.migrate();
  expect(home.project('finch')).toMatchObject({
    display_name: 'Finch',
    config: { defaultBranch: 'master', agentConfig: { permissions: 'default' } },
  });
});

it('25: the local file has the last word over an old registry', async () => {
  const home = legacyHome();
  home.registry({ abc: { postCreate: ['old'], env: { A: '1' } } });
  home.local('abc', { postCreate: ['new'] });
  await home.migrate();
  expect(home.project('abc').config).toEqual({ env: { A: '1' }, postCreate: ['new'] });
});

it('26: the time of adding is found by the key, also where the path differs', async () => {
  const home = legacyHome();
  home.registry({ a: { registeredAt: 1779000000 } });
  home.write(home.base('portfolio/registered.json'), {
    version: 1,
    projects: [{ path: '/elsewhere', configProjectKey: 'a', addedAt: '2026-04-05T10:00:00+02:00' }],
  });
  await home.migrate();
  expect(home.project('a')['registered_at']).toBe('2026-04-05T08:00:00.000Z');
});

it.each([
  '{"version": 1, "projects": [',
  '{"version": 2, "projects": [{"configProjectKey": "a", "addedAt": "2026-04-05"}]}',
])('27: a list of added projects that is damaged or of another version says nothing', async (text) => {
  const home = legacyHome();
  home.registry({ a: { registeredAt: 1779000000 } });
  home.write(home.base('portfolio/registered.json'), text);
  await home.migrate();
  expect(home.project('a')['registered_at']).toBe('2026-05-17T06:40:00.000Z');
});

it('28: a time that is none is left to the next source, with a note', async () => {
  const home = legacyHome();
  home.registry({ a: { registeredAt: 1779000000 } });
  home.write(home.base('portfolio/registered.json'), {
    version: 1,
    projects: [{ configProjectKey: 'a', addedAt: 'yesterday' }],
  });
  expect(await home.notes()).toContain('[project] a: addedAt "yesterday" is no time');
  await home.migrate();
  expect(home.project('a')['registered_at']).toBe('2026-05-17T06:40:00.000Z');
});

it('29: the seconds of the registry are taken, and not with --strict-parity', async () => {
  const home = legacyHome();
  home.registry({ a: { registeredAt: 1779000000 } });
  home.local('a', {});
  await home.migrate();
  expect(home.project('a')['registered_at']).toBe('2026-05-17T06:40:00.000Z');
  const strict = legacyHome();
  strict.registry({ a: { registeredAt: 1779000000 } });
  strict.local('a', {});
  await strict.migrate(parity);
  expect(strict.project('a')['registered_at']).toBe(fileTime);
});

describe('48: a prefix that nobody stored', () => {
  it('is guessed as the legacy tool did, and stored because the name of the session depends on it', async () => {
    const home = legacyHome();
    home.registry({ 'mosaic-renderer-service': {} });
    home.session('mosaic-renderer-service', 'mrs-orchestrator', orchestrator());
    await home.migrate();
    expect(home.orchestrator['id']).toBe('mrs-orchestrator');
    expect(home.project('mosaic-renderer-service').config).toEqual({ sessionPrefix: 'mrs' });
  });

  it('49: is the first twelve characters of the id where the guess is not fit', async () => {
    const home = legacyHome();
    home.registry({ 'some-long-project-id': { path: home.at('repos/ä b'), sessionPrefix: '  ' } });
    home.session('some-long-project-id', 'x', orchestrator());
    await home.migrate();
    expect(home.orchestrator['id']).toBe('some-long-pr-orchestrator');
  });

  it('is dropped with a note where the rewrite refuses it', async () => {
    const home = legacyHome();
    home.registry({ 'some-long-project-id': { sessionPrefix: 'a/b' } });
    home.session('some-long-project-id', 'x', orchestrator());
    expect(await home.notes()).toContain('session prefix "a/b" is not one that the rewrite takes');
    await home.migrate();
    expect(home.orchestrator['id']).toBe('some-long-pr-orchestrator');
    expect(home.project('some-long-project-id').config).toBeNull();
  });
});

it('74: numbers in the environment are texts, and what is none is dropped with a note', async () => {
  const { config, notes } = await configOf({ env: { PORT: 3000, ON: true, A: 'b', LIST: [1] } });
  expect(config).toEqual({ env: { PORT: '3000', ON: 'true', A: 'b' } });
  expect(notes).toContain('env LIST is no text - dropped');
});

it('75: links that lead out of the repository are dropped with a note, and copied with --strict-parity', async () => {
  const links = { symlinks: ['/etc/x', '../y', 'a/../../z', '.env', 'a..b'] };
  const { config, notes } = await configOf(links);
  expect(config).toEqual({ symlinks: ['.env', 'a..b'] });
  for (const link of ['/etc/x', '../y', 'a/../../z']) expect(notes).toContain(`symlinks entry "${link}"`);
  expect((await configOf(links, parity)).config).toMatchObject(links);
});

it('76: a path below ~ is absolute, and tidy', async () => {
  const home = legacyHome();
  home.registry({ a: { path: '~/repos/pebble/' }, b: { path: ` ${home.path}/x/../repos/./b ` } });
  await home.migrate();
  expect(home.rows('projects').map(({ path }) => path)).toEqual([
    home.at('repos/pebble'),
    home.at('repos/b'),
  ]);
});

it('77: the second of two ids with one path is skipped with a note, and inserted with --strict-parity', async () => {
  const home = legacyHome();
  const path = home.at('repos/a');
  home.registry({ b: { path }, a: { path } });
  expect(await home.migrate(['--dry-run', ...parity])).toMatchObject({ projects: [2, 0, 0] });
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 1, 0] });
  expect(home.project('a')['path']).toBe(path);
  expect(await home.notes()).toContain(`[project] b: skipped: a has the same path ${path}`);
});

it('what else somebody chose in the dashboard is told', async () => {
  const home = fixtureHome('home-typical');
  expect(await home.notes()).toContain(
    '[project] orchard: choices of the dashboard with no rewrite home dropped: pinned\n',
  );
});

it('a name that somebody gave in the dashboard wins, and not with --strict-parity', async () => {
  const home = legacyHome();
  home.registry({ a: { displayName: 'From the registry' } });
  home.write(home.base('portfolio/preferences.json'), {
    version: 1,
    projects: { a: { displayName: 'From the dashboard' } },
  });
  await home.migrate();
  expect(home.project('a')['display_name']).toBe('From the dashboard');
  const strict = legacyHome();
  strict.registry({ a: { displayName: 'From the registry' } });
  strict.write(strict.base('portfolio/preferences.json'), {
    version: 1,
    projects: { a: { displayName: 'From the dashboard' } },
  });
  await strict.migrate(parity);
  expect(strict.project('a')['display_name']).toBe('From the registry');
});

it('every setting without a place is listed, the known ones in their order, and defaults are not', async () => {
  const home = legacyHome();
  home.registry({ abc: {} }, { defaults: { runtime: 'tmux', workspace: 'worktree' }, port: 3000 });
  home.local('abc', {
    reactions: { a: {} },
    workspace: 'worktree',
    decomposer: { enabled: true },
    orchestratorRules: 'x',
    tracker: { plugin: 'linear' },
    agentConfig: { opencodeSessionId: 'ses_x' },
  });
  const notes = await home.notes();
  expect(notes).toContain(
    '[project] abc: project-level fields with no rewrite home dropped: tracker, rules, workspace, reactions, decomposer, agentConfig.opencodeSessionId\n',
  );
  expect(notes).toContain(
    'settings for all projects with no rewrite home dropped: port, defaults.runtime, defaults.workspace\n',
  );
});

it('a project folder behind a link keeps the path that was registered', async () => {
  const home = legacyHome();
  home.write('real/x', '');
  symlinkSync(home.at('real'), home.at('link'));
  home.registry({ a: { path: home.at('link') } });
  await home.migrate();
  expect(home.project('a')['path']).toBe(home.at('link'));
});
