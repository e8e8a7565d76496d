// Decides where the commands that move or remove runs are stormed: fresh places, on SQLite and on PostgreSQL, made from one source.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportTrace, migrateStore, openStore, pinRun } from 'runlog';
import type { CommandPlace } from './command-storm.ts';
import { makeMigrateSource } from './migrate-storm.ts';
import { createdAt, stormBatch } from './storm-batch.ts';
import { headsOf } from './store-heads.ts';

/** It is pinned, so it stays. */
const pinned = 'b';
const shortRuns = 30;

export type StormedCommand = 'archive' | 'delete' | 'import' | 'backup';

/** Hands out places in a folder, which the caller removes; `newSchema` names a store of a PostgreSQL server that is not there yet. */
export class CommandPlaces {
  readonly #folder: string;
  readonly #newSchema: () => string;
  readonly #heads: ReadonlyMap<string, string>;
  #places = 0;

  private constructor(folder: string, newSchema: () => string, heads: ReadonlyMap<string, string>) {
    this.#folder = folder;
    this.#newSchema = newSchema;
    this.#heads = heads;
  }

  static async in(folder: string, newSchema: () => string): Promise<CommandPlaces> {
    const path = join(folder, 'source.db');
    const url = `sqlite:///${path}`;
    await makeMigrateSource(url);
    await addShortRuns(url);
    await pinRun(url, pinned, 'evidence');
    const heads = await headsOf(url);
    let text = '';
    const write = async (piece: string): Promise<void> => {
      text += piece;
    };
    for (const runId of heads.keys()) await exportTrace(url, { runId, format: 'jsonl', write });
    writeFileSync(join(folder, 'runs.jsonl'), text);
    return new CommandPlaces(folder, newSchema, heads);
  }

  /** Of `archive` and `backup` the store that is read, of `delete` and `import` the one that is written. */
  async place(command: StormedCommand, kind: 'sqlite' | 'postgres'): Promise<CommandPlace> {
    const all = [...this.#heads.keys()];
    const others = all.filter((id) => id !== pinned);
    const folder = join(this.#folder, String((this.#places += 1)));
    mkdirSync(folder);
    const url = kind === 'postgres' ? this.#newSchema() : `sqlite:///${join(folder, 'runs.db')}`;
    if (command !== 'import') await this.#fill(url, folder);
    const besides = join(folder, 'besides.db');
    const store = { url, inTheEnd: [pinned] };
    const leave = ['--status', 'stopped', '--apply'];
    const heads = this.#heads;
    if (command === 'archive')
      return {
        args: ['archive', url, '--to', `sqlite:///${besides}`, ...leave],
        stores: [store, { url: `sqlite:///${besides}`, inTheEnd: others }],
        ...{ heads, kept: all, codeAgain: 0 },
      };
    if (command === 'delete')
      return {
        args: ['delete', url, ...leave],
        ...{ stores: [store], heads, kept: [pinned], codeAgain: 0 },
      };
    if (command === 'import')
      return {
        args: ['import', join(this.#folder, 'runs.jsonl'), '--to', url],
        ...{ stores: [{ url, inTheEnd: all }], heads, kept: [], codeAgain: 0 },
      };
    return {
      args: ['backup', url, besides],
      stores: [
        { url, inTheEnd: all },
        { url: `sqlite:///${besides}`, inTheEnd: all },
      ],
      // What is there is never replaced.
      ...{ heads, kept: all, codeAgain: 1 },
    };
  }

  async #fill(url: string, folder: string): Promise<void> {
    if (url.startsWith('sqlite:')) copyFileSync(join(this.#folder, 'source.db'), join(folder, 'runs.db'));
    else await migrateStore(`sqlite:///${join(this.#folder, 'source.db')}`, url);
  }
}

/** Many, so that a death falls between two of them. */
async function addShortRuns(url: string): Promise<void> {
  const store = await openStore(url);
  for (let n = 10; n < 10 + shortRuns; n += 1) {
    const id = `short-${n}`;
    await store.create({ id, kind: 'run', label: null, createdAt });
    await store.commit([{ logId: id, expected: 0, epoch: null, events: stormBatch(1, 10) }]);
  }
  await store.close();
}
