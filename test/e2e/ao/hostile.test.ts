// Files that nobody expects in the place of those of the legacy tool and of the rewrite: told in a sentence, and never waited for.
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { expect, it } from 'vitest';
import { legacyHome, orchestrator } from './legacy-home.ts';

it('a link to nothing in the place of the database is refused, and stays', async () => {
  const home = legacyHome();
  home.registry({ one: {} });
  mkdirSync(home.at('.ao/data'), { recursive: true });
  symlinkSync('nowhere', home.database);
  for (const args of [[], ['--check']]) {
    const { code, err } = await home.run(args);
    expect(code).toBe(1);
    if (args.length === 0) expect(err).toContain('it is a link to what is not there');
  }
});

it('a run file that cannot be read is no proof that nothing runs', async () => {
  for (const [path, code] of [
    ['.ao/running.json', 'DAEMON_RUNNING'],
    ['.agent-orchestrator/running.json', 'LEGACY_RUNNING'],
  ] as const) {
    const home = legacyHome();
    home.registry({ one: {} });
    mkdirSync(home.at(path), { recursive: true });
    expect((await home.run([])).err).toContain(`Migration refused (${code}): Whether it runs cannot be told`);
  }
});

it('a name cannot steer the terminal that it is told on, nor hide what stands behind it', async () => {
  const home = legacyHome();
  home.registry({ one: {}, 'a\u001b[8mb\u009bc': {} });
  expect(await home.notes()).toContain('- [project] a\\x1b[8mb\\x9bc: skipped');
});

it('a file of a size that no such file has is not read: a registry is refused, a session is told', async () => {
  const home = legacyHome();
  home.registry({ one: {} });
  truncateSync(home.session('one', 'one-orchestrator', orchestrator()), 17 * 1024 * 1024);
  expect(await home.notes()).toContain('one-orchestrator.json is unreadable (it has more than 16 MiB)');
  truncateSync(home.base('config.yaml'), 17 * 1024 * 1024);
  expect((await home.run([])).err).toContain('config.yaml cannot be read: it has more than 16 MiB');
});
