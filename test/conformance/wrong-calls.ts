// Decides what callers without types hand to a store by mistake: every argument, and every field of one, as something that it is not.
import { setImmediate as immediately } from 'node:timers/promises';
import { eventIdAt, isStructuredError, type StructuredError } from '../../src/base/index.ts';
import type { SearchableStore } from '../../src/log/index.ts';
import { createdAt, sampleRows } from './sqlite-scratch.ts';

const at = { createdAt, label: null };
const [row] = sampleRows(2, 1);
const head = { logId: 'a', seq: 1, hash: 'x' };
const query = {
  kind: 'k',
  orderBy: 'f',
  where: [{ field: 'f' }],
  descending: true,
  after: { value: 'x', id: 'x' },
};
const noPages = {
  async *[Symbol.asyncIterator]() {
    // Nothing comes.
  },
};

/** Calls whose arguments have the forms that the port asks for. */
const calls: Readonly<Record<string, readonly unknown[]>> = {
  create: [{ id: 'b', kind: 'run', ...at }],
  fork: [{ id: 'f', parent: 'a', atSeq: 1, events: [], ...at }],
  detach: ['a'],
  info: ['a'],
  head: ['a'],
  logs: [{ kind: 'run', after: 'a', limit: 3 }],
  commit: [
    [{ logId: 'a', expected: 1, epoch: null, events: [row] }],
    [{ kind: 'k', id: 'i', expectedVersion: 0, value: '1', fields: { f: ['x'] } }],
  ],
  commitSessions: [
    [{ logId: 's', expected: 'any', epoch: null, events: [row], log: { id: 's', kind: 'session', ...at } }],
    [],
  ],
  read: [
    'a',
    {
      ...{ after: 0, before: 5, limit: 3, types: ['t'], passedOver: ['t'], runId: 'x', since: 'x' },
      ...{ reverse: true, hashes: true, bare: true },
    },
  ],
  readNow: ['a', { after: 0, before: 5, limit: 3, types: ['t'] }],
  get: ['a', eventIdAt(1)],
  tail: [{ logId: 'a', after: 'x', from: 'end' }],
  record: ['k', 'i'],
  records: ['k', 'i'],
  recordBefore: ['k', 'i'],
  recordsBelow: ['i'],
  findRecords: [query, { limit: 3, offset: 1 }],
  countRecords: [query],
  acquire: ['a'],
  release: [{ logId: 'a', epoch: 1 }],
  remove: [head, { kind: 'k', id: 'i' }],
  redact: [{ logId: 'a', seqs: [1], note: { by: 'x', at: createdAt, reason: 'x' } }],
  grown: [{ logId: 'a', after: 1, types: ['t'], runId: 'x' }, new AbortController().signal],
  copyIn: [
    {
      ...{ log: { id: 'c', kind: 'run', ...at }, parent: { logId: 'a', atSeq: 1 }, after: 1, epoch: 1 },
      ...{ replaces: head, pages: noPages, records: () => [] },
    },
  ],
};

/** The value with each of its parts, in turn and itself at last, as something else. */
function* withOther(value: unknown, other: unknown): Generator {
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries())
      for (const wrong of withOther(part, other)) yield value.with(index, wrong);
  } else if (typeof value === 'object' && value !== null && !(value instanceof AbortSignal)) {
    for (const [name, part] of Object.entries(value))
      for (const wrong of withOther(part, other)) yield { ...value, [name]: wrong };
  }
  yield other;
}

/** What is no argument of any method. */
const nowhere = 7n;
/** What one argument or another may be. */
const somewhere: readonly unknown[] = [undefined, null, 3, 1.5, '', true, {}, [], () => 1];

export interface WrongCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly isRefused: boolean;
}

/** Every call that the store has a method for. */
export function wrongCallsOf(store: SearchableStore): readonly WrongCall[] {
  const found: WrongCall[] = [];
  for (const [name, args] of Object.entries(calls)) {
    if (typeof Reflect.get(store, name) !== 'function') continue;
    for (const other of [nowhere, ...somewhere])
      for (const wrong of withOther(args, other))
        if (Array.isArray(wrong)) found.push({ name, args: wrong, isRefused: other === nowhere });
  }
  return found;
}

/** What a call is refused with; `null` when it is not, or only waits. */
export async function refusalOf(
  store: SearchableStore,
  { name, args }: WrongCall,
): Promise<StructuredError | null> {
  const abort = new AbortController();
  const given = args.map((value) => (value instanceof AbortSignal ? abort.signal : value));
  try {
    const method: unknown = Reflect.get(store, name);
    const result: unknown = typeof method === 'function' ? Reflect.apply(method, store, given) : null;
    abort.abort();
    await (isPages(result) ? firstOf(result) : result);
    return null;
  } catch (error) {
    if (isStructuredError(error)) return error;
    throw error;
  }
}

function isPages(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** What is refused is refused before anybody waits for news. */
async function firstOf(pages: AsyncIterable<unknown>): Promise<void> {
  const iterator = pages[Symbol.asyncIterator]();
  await Promise.race([iterator.next(), immediately()]);
  await iterator.return?.();
}
