// How long does it take to go on with a run of 1,000 steps in a fresh handle, by one step more, to branch off at its middle, and to go
// on with the branch? Each as it is set up by default: runlog wrote a snapshot when the run was closed.
import type { Figure } from '../harness/figure.ts';
import { type Case, interleave } from '../harness/measure.ts';
import { forkRun, openStore } from '../../src/app/index.ts';
import type { Scratch } from '../scratch.ts';
import { countingRun, countTo, goOn } from './counting-run.ts';
import { countingGraph, type OpenSaver, postgresSaver, recursionLimit, sqliteSaver } from './langgraph.ts';
import { type Contender, ours, oursOnServer, oursRelaxed, peerLines, times } from './line.ts';
import type { Server } from './server.ts';
import { noteAt } from './steps.ts';

const steps = 1_000;

/** Each answers in milliseconds. */
interface Traveller extends Contender {
  readonly resume: () => Promise<number>;
  readonly fork: () => Promise<number>;
  readonly forkOn: () => Promise<number>;
}

type Travels = Pick<Traveller, 'resume' | 'fork' | 'forkOn'>;

export async function travelFigures(
  rounds: number,
  { newUrl, newFile }: Scratch,
  server: Server,
): Promise<readonly Figure[]> {
  const path = newFile();
  const travellers = [
    { ...ours, ...(await runlog(newUrl())) },
    { ...oursRelaxed, ...(await runlog(`${newUrl()}?durability=normal`)) },
    { ...onSqlite, ...(await langgraph(async () => sqliteSaver(path))) },
    { ...oursOnServer, ...(await runlog(server.newSchemaUrl())) },
    { ...onServer, ...(await langgraph(() => postgresSaver(server.databaseUrl))) },
  ];
  const casesOf = (what: keyof Travels): readonly Case[] =>
    travellers.map((traveller) => ({
      name: traveller.name,
      run: async () => ({ units: 1, ms: await traveller[what]() }),
    }));
  const resumed = await interleave(casesOf('resume'), rounds * 2);
  const forked = await interleave(casesOf('fork'), rounds * 2);
  const forkedOn = await interleave(casesOf('forkOn'), rounds * 2);
  return [
    ...peerLines(
      { unit: 'ms', id: 'langgraph/resume', what: 'open a run of 1,000 steps and take one more' },
      travellers,
      times(resumed),
    ),
    ...peerLines(
      { unit: 'ms', id: 'langgraph/fork', what: 'branch off at its middle' },
      travellers,
      times(forked),
    ),
    ...peerLines(
      { unit: 'ms', id: 'langgraph/fork-on', what: 'branch off at its middle and take one more step there' },
      travellers,
      times(forkedOn),
    ),
  ];
}

const onSqlite: Contender = {
  name: 'LangGraph.js, SQLite, sync',
  durability: 'WAL, synchronous=NORMAL; a checkpoint is stored before the next step',
  beside: oursRelaxed.name,
};
const onServer: Contender = {
  name: 'LangGraph.js, PostgreSQL, sync',
  durability: 'fsync=on, synchronous_commit=on; a checkpoint is stored before the next step',
  beside: oursOnServer.name,
};

async function runlog(url: string): Promise<Travels> {
  const run = await countingRun(url, noteAt);
  await countTo(run, 0, steps);
  const { runId } = run;
  // The last event of the middle step.
  const completed: string[] = [];
  for await (const { id, type } of run.events()) if (type === 'behavior.completed') completed.push(id);
  const middle = steps / 2;
  const atEvent = completed[middle - 1] ?? '';
  await run.close();
  let reached = steps;
  return {
    resume: async () => {
      const start = performance.now();
      const opened = await goOn(url, runId, noteAt);
      await countTo(opened, reached, reached + 1);
      const ms = performance.now() - start;
      reached += 1;
      await opened.close();
      return ms;
    },
    fork: async () => {
      const store = await openStore(url);
      const start = performance.now();
      await forkRun(store, { runId, atEvent });
      const ms = performance.now() - start;
      await store.close();
      return ms;
    },
    forkOn: async () => {
      const store = await openStore(url);
      const start = performance.now();
      const fork = await forkRun(store, { runId, atEvent });
      const opened = await goOn(store, fork.runId, noteAt);
      // What the middle step asked for still waits.
      await opened.runUntil((graph) => graph.object('counter#1')?.data['n'] === middle + 1);
      const ms = performance.now() - start;
      await opened.close();
      await store.close();
      return ms;
    },
  };
}

async function langgraph(open: () => Promise<OpenSaver> | OpenSaver): Promise<Travels> {
  const configurable = { thread_id: 'travel' };
  const config = { configurable, recursionLimit, durability: 'sync' } as const;
  const first = await open();
  const graph = countingGraph(first.saver, noteAt);
  await graph.invoke({ n: 0, until: steps }, config);
  let middle: Readonly<Record<string, string>> = configurable;
  for await (const { values, config: at } of graph.getStateHistory({ configurable }))
    if (values['n'] === steps / 2) middle = at.configurable;
  await first.close();
  let reached = steps;
  return {
    resume: async () => {
      const start = performance.now();
      const opened = await open();
      const { n } = await countingGraph(opened.saver, noteAt).invoke({ until: reached + 1 }, config);
      const ms = performance.now() - start;
      reached += 1;
      await opened.close();
      if (n !== reached) throw new Error(`LangGraph.js went on to ${String(n)}, not ${reached}`);
      return ms;
    },
    fork: async () => {
      const opened = await open();
      const forkable = countingGraph(opened.saver, noteAt);
      const start = performance.now();
      await forkable.updateState({ configurable: middle }, { note: 'another way' }, 'step');
      const ms = performance.now() - start;
      await opened.close();
      return ms;
    },
    forkOn: async () => {
      const opened = await open();
      const forkable = countingGraph(opened.saver, noteAt);
      const start = performance.now();
      const branch = await forkable.updateState({ configurable: middle }, { note: 'another way' }, 'step');
      const { n } = await forkable.invoke({ until: steps / 2 + 1 }, { ...config, ...branch });
      const ms = performance.now() - start;
      await opened.close();
      if (n !== steps / 2 + 1) throw new Error(`LangGraph.js went on to ${String(n)} from its middle`);
      return ms;
    },
  };
}
