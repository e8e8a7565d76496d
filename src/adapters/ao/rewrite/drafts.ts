/** Decides where something is made before it is put in its place: beside it, under a name that no other run has. */
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';

const mark = '.ao-migrate-';

export function draftOf(place: string): string {
  return join(dirname(place), `.${basename(place)}${mark}${process.pid}-${randomUUID().slice(0, 8)}`);
}

/** Removes what a process that was killed has left beside a place. */
export function removeOldDrafts(place: string, isAlive: (pid: number) => boolean): void {
  const folder = dirname(place);
  const start = `.${basename(place)}${mark}`;
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(start) ? /^\d+/.exec(name.slice(start.length))?.[0] : undefined;
    if (pid === undefined || isAlive(Number(pid))) continue;
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
