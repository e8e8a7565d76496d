// Decides what `npm run crash` does to commands that move or remove runs: so many kills of each, on SQLite and on PostgreSQL, in a table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandPlaces } from './command-places.ts';
import { type CommandCounts, commandStorm } from './command-storm.ts';

export interface CommandsStorm {
  readonly kills: number;
  readonly seed: number;
  /** URL of a server. */
  readonly postgres: string;
}

const columns = ['kills', 'midway', 'whole', 'lost', 'torn', 'broken'] as const;

/** The table, and how many runs were lost or torn, and ends that were not what is due. */
export async function commandsStorm({ kills, seed, postgres }: CommandsStorm): Promise<{
  readonly table: string;
  readonly harm: number;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-storm-'));
  const rows: string[] = [];
  let schemas = 0;
  let harm = 0;
  try {
    const places = await CommandPlaces.in(folder, () => `${postgres}?schema=commands_${(schemas += 1)}`);
    for (const command of ['archive', 'delete', 'import', 'backup'] as const) {
      for (const kind of ['sqlite', 'postgres'] as const) {
        const newPlace = () => places.place(command, kind);
        const counts: CommandCounts = await commandStorm({ kills, seed, newPlace });
        process.stderr.write(`${command} on ${kind}: ${counts.kills} of ${kills}\n`);
        const name = kind === 'sqlite' ? 'SQLite' : 'PostgreSQL';
        rows.push(`| \`${command}\` | ${[name, ...columns.map((column) => counts[column])].join(' | ')} |`);
        harm += counts.lost + counts.torn + counts.broken;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const head = `| command | store | ${columns.join(' | ')} |\n|---|---|${columns.map(() => '---|').join('')}`;
  return { table: [head, ...rows].join('\n'), harm };
}
