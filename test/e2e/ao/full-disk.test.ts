// A disk that fills while the migration writes: nothing half-written is ever called done, and what ended is not gone on with.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { type LegacyHome, legacyHome, orchestrator } from './legacy-home.ts';

const projectIds = Array.from({ length: 60 }, (_, index) => `p${index}`);

function homeWithMany(): LegacyHome {
  const home = legacyHome();
  home.registry(
    Object.fromEntries(
      projectIds.map((id) => [
        id,
        { path: home.at('gone', id), sessionPrefix: id, registeredAt: 1779000000 },
      ]),
    ),
  );
  for (const id of projectIds)
    home.session(id, `${id}-orchestrator`, orchestrator({ agent: 'codex', userPrompt: 'x'.repeat(4000) }));
  return home;
}

/** No file may grow beyond this. SQLite hears the same as on a disk without room. */
function migratedWithin(home: LegacyHome, limitKiB: number) {
  const command = `ulimit -f ${limitKiB}; exec "$0" "$@"`;
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', command, process.execPath, resolve('bin/ao-migrate.js'), '--json'],
    { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home.path } },
  );
  return { status, stdout, stderr };
}

it('70: a disk that has room for the log of a new database and none for the database leaves none, and says so', () => {
  const home = homeWithMany();
  const told = migratedWithin(home, 420);
  expect(told.status).toBe(1);
  expect(JSON.parse(told.stdout)).toMatchObject({ dbCreated: false, projects: { created: 0, failed: 60 } });
  expect(told.stderr).toContain('nothing was written: ');
  expect(existsSync(home.database)).toBe(false);
  expect(readdirSync(home.at('.ao/data'))).toEqual([]);
});

it('what the database ends by itself is not gone on with row by row', async () => {
  const home = legacyHome();
  home.registry({ one: {}, two: {}, zoo: {} });
  // A disk without room ends a transaction in the same way.
  home.makeDatabase(
    "CREATE TRIGGER full BEFORE INSERT ON projects WHEN NEW.id = 'two' BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END",
  );
  for (const args of [[], ['--keep-going']]) {
    expect(await home.migrate(args)).toMatchObject({ code: 1, projects: [0, 0, 3] });
    expect(home.rows('projects')).toEqual([]);
  }
});
