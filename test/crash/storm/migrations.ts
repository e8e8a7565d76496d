// Decides what `npm run crash` does to migrations: so many kills on the way to SQLite and as many on the way to PostgreSQL, in a table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMigrateSource, type MigrateCounts, type MigrateStorm, migrateStorm } from './migrate-storm.ts';

export interface MigrationsStorm extends Pick<MigrateStorm, 'program'> {
  readonly kills: number;
  readonly seed: number;
  /** URL of a server. */
  readonly postgres: string;
}

/** The table, and how many runs were there in part or with other events. */
export async function migrationsStorm({ program, kills, seed, postgres }: MigrationsStorm): Promise<{
  readonly table: string;
  readonly harm: number;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-storm-'));
  const from = `sqlite:///${join(folder, 'from.db')}`;
  let places = 0;
  const onKill = (counts: MigrateCounts): void => {
    if (counts.kills % 20 === 0) process.stderr.write(`migrate: ${counts.kills} of ${kills}\n`);
  };
  try {
    await makeMigrateSource(from);
    const newFile = async (): Promise<string> => `sqlite:///${join(folder, `to-${(places += 1)}.db`)}`;
    const newSchema = async (): Promise<string> => `${postgres}?schema=migrated_${(places += 1)}`;
    const rows = [
      ['SQLite', await migrateStorm({ program, kills, seed, from, newPlace: newFile, onKill })],
      ['PostgreSQL', await migrateStorm({ program, kills, seed, from, newPlace: newSchema, onKill })],
    ] as const;
    return { table: tableOf(rows), harm: rows.reduce((sum, [, { torn }]) => sum + torn, 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tableOf(rows: readonly (readonly [string, MigrateCounts])[]): string {
  const columns = ['kills', 'whole', 'found', 'torn'] as const;
  return [
    `| migrated to | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows.map(([store, counts]) => `| ${[store, ...columns.map((name) => counts[name])].join(' | ')} |`),
  ].join('\n');
}
