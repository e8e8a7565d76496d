// LangGraph.js as its documentation sets it up: a graph with a checkpointer. Its durability mode says when a checkpoint is stored:
// `sync` before the next step begins, `async` while it runs, `exit` when the graph ends. SqliteSaver sets WAL, and its driver
// syncs at checkpoints of the WAL only (synchronous=NORMAL); PostgresSaver leaves everything to the server.
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';

export type Mode = 'sync' | 'async' | 'exit';

export interface OpenSaver {
  readonly saver: object;
  readonly close: () => Promise<void>;
}

/** `isFull`: synced at each commit, which its documentation does not ask for, and which makes it as durable as ours. */
export function sqliteSaver(path: string, isFull = false): OpenSaver {
  const saver = SqliteSaver.fromConnString(path);
  if (isFull) saver.db.pragma('synchronous = FULL');
  return { saver, close: async () => saver.db.close() };
}

export async function postgresSaver(url: string): Promise<OpenSaver> {
  const saver = PostgresSaver.fromConnString(url);
  await saver.setup();
  return { saver, close: () => saver.end() };
}

/** Counts to a number; each step writes down a note of its own. */
export function countingGraph(saver: object, noteAt: (n: number) => string) {
  const state = Annotation.Root({
    n: Annotation<number>({ reducer: (_, update) => update, default: () => 0 }),
    until: Annotation<number>({ reducer: (_, update) => update, default: () => 0 }),
    note: Annotation<string>({ reducer: (_, update) => update, default: () => '' }),
  });
  return new StateGraph(state)
    .addNode('step', async ({ n }) => ({ n: Number(n) + 1, note: noteAt(Number(n) + 1) }))
    .addEdge(START, 'step')
    .addConditionalEdges('step', ({ n, until }) => (Number(n) < Number(until) ? 'step' : END))
    .compile({ checkpointer: saver });
}

/** A conversation: each turn adds what the person said and what is answered. */
export function talkingGraph(saver: object, answerTo: (said: string) => string) {
  const state = Annotation.Root({
    messages: Annotation<readonly string[]>({
      reducer: (before, update) => [...before, ...update],
      default: () => [],
    }),
  });
  return new StateGraph(state)
    .addNode('answer', async ({ messages }) => {
      const said: unknown = Array.isArray(messages) ? messages.at(-1) : '';
      return { messages: [answerTo(String(said))] };
    })
    .addEdge(START, 'answer')
    .addEdge('answer', END)
    .compile({ checkpointer: saver });
}

/** More steps than anybody takes. */
export const recursionLimit = 1_000_000;
