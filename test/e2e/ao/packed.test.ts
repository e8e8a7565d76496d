// The package as it is published: from the tarball, with the dependencies that it declares and no optional one, everything that needs
// none of these works, and what needs one says which at the moment of use.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureHome } from './legacy-home.ts';

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

let place: string;
let folder: string;

/** As `npm install` leaves it in an empty project. */
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'runlog-packed-'));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const modules = join(place, 'node_modules');
  folder = join(modules, 'runlog');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', join(place, filename), '-C', folder, '--strip-components=1']);
  for (const name of Object.keys(manifestOf().dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

function manifestOf(): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

it('the packed ao-migrate makes the database of a home that has none', () => {
  const home = fixtureHome('home-typical');
  const bin = join(folder, manifestOf().bin['ao-migrate'] ?? '');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, '--json'], {
    env: { PATH: process.env['PATH'], HOME: home.path },
    cwd: home.path,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ dbCreated: true, schemaVersion: 12, projects: { created: 7 } });
  expect(home.rows('goose_db_version')).toHaveLength(13);
});

const program = `
  import { open, openSessionStore, openStore, systemMint } from 'runlog';
  import { newSession, newSessionEvent, sessionErrorCode } from 'runlog/sessions';
  import { anthropicModel } from 'runlog/models/anthropic';
  import { openPostgresStore } from 'runlog/stores/postgres';

  const run = await open('sqlite:///both.db', { runId: 'graph' });
  await run.runGoal('Work');
  await run.close();
  const sessions = await openSessionStore('sqlite:///both.db');
  await sessions.saveSession(newSession({ id: 'chat', agentId: 'coder' }, systemMint));
  await sessions.appendEvent(newSessionEvent({ type: 'session_created', sessionId: 'chat' }, systemMint));
  const events = await sessions.getLatestSequence('chat');
  await sessions.close();
  const memory = await openSessionStore('memory:');
  await memory.close();

  const told = async (use) => {
    const error = await use().then(() => null, (thrown) => thrown);
    return { code: sessionErrorCode(error), ...error.context };
  };
  const question = { model: 'claude-x', system: '', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 1, temperature: 0, topP: 1, outputForm: null, tools: [] };
  console.log(JSON.stringify({
    events,
    url: await told(() => openStore('postgres://nobody@127.0.0.1:1/none', { mode: 'read' })),
    store: await told(() => openPostgresStore({ url: 'postgres://nobody@127.0.0.1:1/none', mode: 'read' })),
    model: await told(() => anthropicModel({ apiKey: 'k' }).countTokens(question)),
  }));
`;

it('without an optional dependency only what needs it is refused, with its name, at the moment of use', () => {
  writeFileSync(join(place, 'program.mjs'), program);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], {
    env: { PATH: process.env['PATH'] },
    cwd: place,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const code = 'dependency_not_available';
  const postgres = {
    code,
    dependency: 'pg',
    module: 'runlog/stores/postgres',
    operation: 'openPostgresStore',
  };
  expect(JSON.parse(stdout)).toMatchObject({
    events: 1,
    url: postgres,
    store: postgres,
    model: {
      code,
      dependency: '@anthropic-ai/sdk',
      module: 'runlog/models/anthropic',
      operation: 'anthropicModel',
    },
  });
});
