// LangGraph.js at so many steps: how long a fresh handle takes to read the state, which is one checkpoint, and to branch off at the middle.
import { timed } from '../harness/measure.ts';
import { countingGraph, recursionLimit, sqliteSaver } from '../peers/langgraph.ts';
import { noteAt } from '../peers/steps.ts';
import type { Scratch } from '../scratch.ts';
import type { Grower } from './grower.ts';

const configurable = { thread_id: 'growth' };
const config = { configurable, recursionLimit, durability: 'sync' } as const;

export function langgraphGrower({ newFile }: Scratch): Grower {
  return {
    series: 'LangGraph.js, SQLite',
    durability: 'WAL, synchronous=NORMAL; a checkpoint is stored before the next step',
    topics: ['load', 'fork'],
    grow: async (size, rounds) => {
      const path = newFile();
      const first = sqliteSaver(path);
      const graph = countingGraph(first.saver, noteAt);
      const fillMs = await timed(() => graph.invoke({ n: 0, until: size }, config));
      const middle = await middleOf(graph, size);
      await first.close();
      const [load, fork]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        const opened = sqliteSaver(path);
        const again = countingGraph(opened.saver, noteAt);
        load.push(await timed(() => again.getState({ configurable })));
        const at = { configurable: middle };
        fork.push(await timed(() => again.updateState(at, { note: 'another way' }, 'step')));
        await opened.close();
      }
      return { samples: { load, fork }, ms: fillMs };
    },
  };
}

async function middleOf(
  graph: ReturnType<typeof countingGraph>,
  size: number,
): Promise<Readonly<Record<string, string>>> {
  for await (const { values, config: at } of graph.getStateHistory({ configurable }))
    if (values['n'] === size / 2) return at.configurable;
  throw new Error('LangGraph.js has no checkpoint at the middle');
}
