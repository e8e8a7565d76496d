// Emmett at so many events: how many a second behind them, 100 a commit, and how long a fresh handle takes to read the stream.
import { claimPayload } from '../claim-rows.ts';
import { timed } from '../harness/measure.ts';
import type { Scratch } from '../scratch.ts';
import type { Grower } from './grower.ts';

const batch = 100;
const commits = 20;
const data: unknown = JSON.parse(claimPayload);
const events = Array.from({ length: 500 }, () => ({ type: 'object.created', data }));

export function emmettGrower({ newFile }: Scratch): Grower {
  return {
    series: 'Emmett, SQLite',
    durability: 'WAL, synchronous=FULL: survives the loss of power',
    topics: ['append', 'load'],
    grow: async (size, rounds) => {
      // Its driver is there only once it has been compiled.
      const { openEmmettFile } = await import('../peers/emmett-sqlite.ts');
      const fileName = newFile();
      const first = openEmmettFile(fileName);
      const fillMs = await timed(async () => {
        for (let at = 0; at < size; at += events.length) await first.store.appendToStream('run', events);
      });
      first.connection.close();
      const [append, load]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        const { connection, store } = openEmmettFile(fileName);
        load.push(await timed(() => store.readStream('run')));
        const ms = await timed(async () => {
          for (let commit = 0; commit < commits; commit += 1)
            await store.appendToStream('run', events.slice(0, batch));
        });
        append.push(((batch * commits) / ms) * 1000);
        connection.close();
      }
      return { samples: { append, load }, ms: fillMs };
    },
  };
}
