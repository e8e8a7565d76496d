// What does a conversation cost that grows? 300 turns, a kilobyte said and a kilobyte answered in each: time, and what is on the disk.
import { statSync } from 'node:fs';
import { behavior, open } from '../../src/app/index.ts';
import type { Figure } from '../harness/figure.ts';
import { type Measured, timed } from '../harness/measure.ts';
import { type Scratch, urlOf } from '../scratch.ts';
import { recursionLimit, sqliteSaver, talkingGraph } from './langgraph.ts';
import { type Contender, ours, oursRelaxed, peerLines, times } from './line.ts';
import { interleaveSized } from './sized-rounds.ts';

const turns = 300;

function saidAt(turn: number): string {
  return `${turn} `.padEnd(1024, 'What do you make of this? ');
}

function answerTo(said: string): string {
  return `Of «${said.slice(0, 8)}»: `.padEnd(1024, 'it seems to me that more has to be known. ');
}

interface Talking extends Contender {
  readonly run: () => Promise<Measured & { readonly bytes: number }>;
}

export async function conversationFigures(rounds: number, { newFile }: Scratch): Promise<readonly Figure[]> {
  const contenders: readonly Talking[] = [
    { ...ours, run: () => onRunlog(newFile(), '') },
    { ...oursRelaxed, run: () => onRunlog(newFile(), '?durability=normal') },
    {
      name: 'LangGraph.js, SQLite, sync',
      durability: 'WAL, synchronous=NORMAL; a checkpoint is stored before the next step',
      beside: oursRelaxed.name,
      run: () => onLanggraph(newFile()),
    },
  ];
  const { found, bytesOf } = await interleaveSized(contenders, rounds);
  const what = `a conversation of ${turns} turns, ${turns * 2} KB said in all`;
  return [
    ...peerLines({ id: 'langgraph/talk', what, unit: 'ms' }, contenders, times(found)),
    ...peerLines(
      { id: 'langgraph/talk-disk', what: `disk after ${what}`, unit: 'bytes' },
      contenders,
      bytesOf,
    ),
  ];
}

const answerer = behavior({
  name: 'answerer',
  on: 'said',
  run: ({ event, graph }) => {
    const { text } = event.payload;
    if (typeof text === 'string') graph.addObject('message', { role: 'assistant', text: answerTo(text) });
  },
});

async function onRunlog(path: string, query: string): Promise<Measured & { readonly bytes: number }> {
  const run = await open(`${urlOf(path)}${query}`, { behaviors: [answerer], snapshots: false });
  const ms = await timed(async () => {
    for (let turn = 1; turn <= turns; turn += 1) {
      await run.emit('said', { text: saidAt(turn) });
      await run.runUntilIdle();
    }
  });
  await run.close();
  return { units: turns, ms, bytes: statSync(path).size };
}

async function onLanggraph(path: string): Promise<Measured & { readonly bytes: number }> {
  const { saver, close } = sqliteSaver(path);
  const graph = talkingGraph(saver, answerTo);
  const config = { configurable: { thread_id: 'talk' }, recursionLimit, durability: 'sync' } as const;
  const ms = await timed(async () => {
    for (let turn = 1; turn <= turns; turn += 1) await graph.invoke({ messages: [saidAt(turn)] }, config);
  });
  await close();
  return { units: turns, ms, bytes: statSync(path).size };
}
