// What does a step cost that must not be lost, and what does it leave on the disk? A program counts to 1,000 and writes 335 bytes of its
// own at each step: as a graph of LangGraph.js with its checkpointers, as a behavior of runlog, and by the bare driver.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { claimPayload } from '../claim-rows.ts';
import type { Figure } from '../harness/figure.ts';
import { type Measured, timed } from '../harness/measure.ts';
import { type Scratch, urlOf } from '../scratch.ts';
import { countingRun, countTo } from './counting-run.ts';
import {
  countingGraph,
  type Mode,
  type OpenSaver,
  postgresSaver,
  recursionLimit,
  sqliteSaver,
} from './langgraph.ts';
import { type Contender, ours, oursOnServer, oursRelaxed, peerLines, rates } from './line.ts';
import type { Server } from './server.ts';
import { interleaveSized } from './sized-rounds.ts';

const steps = 1_000;

export function noteAt(n: number): string {
  return `${n} ${claimPayload}`.slice(0, 335);
}

interface Counting extends Contender {
  readonly run: () => Promise<Measured & { readonly bytes?: number }>;
}

export async function stepFigures(
  rounds: number,
  scratch: Scratch,
  server: Server,
): Promise<readonly Figure[]> {
  const contenders = [bareDriver(scratch), ...onSqlite(scratch), ...onServer(server)];
  const { found, bytesOf } = await interleaveSized(contenders, rounds);
  const what = `${steps.toLocaleString('en-US')} steps`;
  const withFile = contenders.filter(({ name }) => bytesOf(name).length > 0);
  return [
    ...peerLines({ what, id: 'langgraph/steps', unit: 'steps/s' }, contenders, rates(found)),
    ...peerLines(
      { id: 'langgraph/steps-disk', what: `disk after ${what}`, unit: 'bytes' },
      withFile,
      bytesOf,
    ),
  ];
}

function onSqlite({ newFile }: Scratch): readonly Counting[] {
  const counting = (contender: Contender, query: string): Counting => ({
    ...contender,
    run: async () => {
      const path = newFile();
      const run = await countingRun(`${urlOf(path)}${query}`, noteAt);
      const ms = await timed(() => countTo(run, 0, steps));
      await run.close();
      return { units: steps, ms, bytes: statSync(path).size };
    },
  });
  const langgraph = (mode: Mode, isFull = false): Counting => ({
    name: `LangGraph.js, SQLite, ${mode}${isFull ? ', synchronous=FULL' : ''}`,
    durability: `WAL, synchronous=${isFull ? 'FULL' : 'NORMAL'}; a checkpoint is stored ${when[mode]}`,
    beside: isFull ? ours.name : oursRelaxed.name,
    run: async () => {
      const path = newFile();
      const open = sqliteSaver(path, isFull);
      const ms = await counted(open, mode, 'thread');
      await open.close();
      return { units: steps, ms, bytes: statSync(path).size };
    },
  });
  return [
    counting(ours, ''),
    counting(oursRelaxed, '?durability=normal'),
    langgraph('sync', true),
    ...modes.map((mode) => langgraph(mode)),
  ];
}

function onServer({ newSchemaUrl, databaseUrl }: Server): readonly Counting[] {
  let threads = 0;
  const langgraph = (mode: Mode): Counting => ({
    name: `LangGraph.js, PostgreSQL, ${mode}`,
    durability: `fsync=on, synchronous_commit=on; a checkpoint is stored ${when[mode]}`,
    beside: oursOnServer.name,
    run: async () => {
      const open = await postgresSaver(databaseUrl);
      const ms = await counted(open, mode, `thread-${(threads += 1)}`);
      await open.close();
      return { units: steps, ms };
    },
  });
  const runlog: Counting = {
    ...oursOnServer,
    run: async () => {
      const run = await countingRun(newSchemaUrl(), noteAt);
      const ms = await timed(() => countTo(run, 0, steps));
      await run.close();
      return { units: steps, ms };
    },
  };
  return [runlog, langgraph('sync')];
}

const modes: readonly Mode[] = ['sync', 'async', 'exit'];
const when: Readonly<Record<Mode, string>> = {
  sync: 'before the next step',
  async: 'while the next step runs',
  exit: 'at the end only: a crash loses all steps',
};

async function counted({ saver }: OpenSaver, durability: Mode, thread: string): Promise<number> {
  const graph = countingGraph(saver, noteAt);
  const config = { configurable: { thread_id: thread }, recursionLimit, durability };
  return timed(async () => {
    const { n } = await graph.invoke({ n: 0, until: steps }, config);
    if (n !== steps) throw new Error(`LangGraph.js counted to ${String(n)}`);
  });
}

/** The limit: one row and one commit a step, nothing else. */
function bareDriver({ newFile }: Scratch): Counting {
  return {
    name: 'bare driver, SQLite',
    durability: 'WAL, synchronous=FULL: survives the loss of power',
    beside: ours.name,
    run: async () => {
      const path = newFile();
      const database = new DatabaseSync(path);
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      database.exec('CREATE TABLE steps (n INTEGER PRIMARY KEY, note TEXT NOT NULL)');
      const insert = database.prepare('INSERT INTO steps (n, note) VALUES (?, ?)');
      const ms = await timed(() => {
        for (let n = 1; n <= steps; n += 1) insert.run(n, noteAt(n));
      });
      database.close();
      return { units: steps, ms, bytes: statSync(path).size };
    },
  };
}
