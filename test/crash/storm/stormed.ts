// Decides how a test storms a command a few times: in a folder of its own, with a seed that is told when it fails.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { dropSchema, schemaName, serverUrl } from '../../harness/postgres/scratch-schema.ts';
import { CommandPlaces, type StormedCommand } from './command-places.ts';
import { type CommandCounts, commandStorm } from './command-storm.ts';

const seed = Number(process.env['RUNLOG_SEED'] ?? Date.now() % 1_000_000);

export async function stormed(
  command: StormedCommand,
  kind: 'sqlite' | 'postgres',
  kills: number,
): Promise<{ readonly counts: CommandCounts; readonly said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-storm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const newSchema = (): string => {
    const schema = schemaName();
    onTestFinished(() => dropSchema(schema));
    return `${serverUrl()}?schema=${encodeURIComponent(schema)}`;
  };
  const places = await CommandPlaces.in(folder, newSchema);
  const counts = await commandStorm({ kills, seed, newPlace: () => places.place(command, kind) });
  return { counts, said: `seed ${seed}` };
}
