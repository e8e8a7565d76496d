// Decides how several processes append to all sessions of one SQLite file at the same time, and what has to be true of it afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { object, number, string, array } from 'zod';
import type { SessionStore } from '../../../src/sessions/index.ts';

export interface AppendOrder {
  readonly path: string;
  /** Names the process in its events. */
  readonly writer: string;
  readonly sessions: number;
  /** How many events in each session. */
  readonly events: number;
}

const orderShape = object({ path: string(), writer: string(), sessions: number(), events: number() });

export function readAppendOrder(text: string): AppendOrder {
  return orderShape.parse(JSON.parse(text));
}

export function sessionIdOf(session: number): string {
  return `session ${session}`;
}

/** Whoever starts it once need not build it. */
const source = fileURLToPath(new URL('./append-program.ts', import.meta.url));

export interface ManyWrote {
  /** From the moment at which all begin until the last has ended. */
  readonly ms: number;
  /** How long each append of each process took. */
  readonly waitsMs: readonly number[];
}

/** So many processes append to all sessions at once. The file has to be there. */
export async function writeFromMany(
  processes: number,
  order: Omit<AppendOrder, 'writer'>,
  program = source,
): Promise<ManyWrote> {
  const writers = await Promise.all(
    Array.from({ length: processes }, (_, index) => startWriter(program, { ...order, writer: `w${index}` })),
  );
  const began = performance.now();
  const waits = await Promise.all(writers.map((go) => go()));
  return { ms: performance.now() - began, waitsMs: waits.flat() };
}

/** Resolves when the process has opened the store; what it resolves with lets it go, and gives its waits when it has ended. */
async function startWriter(program: string, order: AppendOrder): Promise<() => Promise<readonly number[]>> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, JSON.stringify(order)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const isClosed = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line: IteratorResult<string, unknown> = await lines.next();
    if (line.done === true) throw new Error(`${order.writer} has ended without an answer`);
    return line.value;
  };
  await next();
  return async () => {
    child.stdin.write('go\n');
    const waits = array(number()).parse(JSON.parse(await next()));
    await isClosed;
    return waits;
  };
}

/** What is wrong with what they wrote: events that are missing or there twice, numbers with gaps, and orders that were not kept. */
export async function faultsOf(
  store: SessionStore,
  processes: number,
  { sessions, events }: Pick<AppendOrder, 'sessions' | 'events'>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (let session = 0; session < sessions; session += 1) {
    const id = sessionIdOf(session);
    const stored = await store.getEvents(id, { limit: 10_000 });
    if (stored.some(({ sequenceNumber }, index) => sequenceNumber !== index + 1))
      faults.push(`${id}: the numbers have gaps`);
    for (let writer = 0; writer < processes; writer += 1) {
      const own = stored.filter(({ data }) => data['writer'] === `w${writer}`);
      const isKept = own.length === events && own.every(({ data }, index) => data['number'] === index + 1);
      if (!isKept)
        faults.push(`${id}: w${writer} wrote ${events} events in order, and ${own.length} are there`);
    }
  }
  return faults;
}
