/**
 * Decides what a store takes from a caller without types: the form of each argument of its methods. What has another one is refused
 * before anything is looked up, in the same words by every store. Asked once a call; what events and documents are made of is looked
 * at as they are written.
 */
import { wrongArgument } from '../../base/index.ts';
import type { SearchableStore } from '../search/search.ts';

/** Throws `InvalidArgumentType`; `place` names the value within the call. */
type Form = (call: string, place: string, value: unknown) => void;

function form(words: string, fits: (value: unknown) => boolean): Form {
  return (call, place, value) => {
    if (!fits(value)) throw wrongArgument(call, `\`${place}\` as ${words}`, value);
  };
}

function optional(check: Form): Form {
  return (call, place, value) => {
    if (value !== undefined) check(call, place, value);
  };
}

function orNull(check: Form): Form {
  return (call, place, value) => {
    if (value !== null) check(call, place, value);
  };
}

/** An object with these fields, and any others. */
function object(fields: Readonly<Record<string, Form>>): Form {
  const entries = Object.entries(fields);
  return (call, place, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrongArgument(call, `\`${place}\` as an object`, value);
    for (const [name, check] of entries) check(call, `${place}.${name}`, Reflect.get(value, name));
  };
}

function listOf(check: Form): Form {
  return (call, place, value) => {
    if (!Array.isArray(value)) throw wrongArgument(call, `\`${place}\` as a list`, value);
    for (const [index, item] of value.entries()) check(call, `${place}[${index}]`, item);
  };
}

const isText = (value: unknown): boolean => typeof value === 'string';
const text = form('a text', isText);
const texts = form('a list of texts', (value) => Array.isArray(value) && value.every(isText));
const number = form('a number', (value) => typeof value === 'number');
const count = form('a whole number that is not negative', isCount);
/** Before the first one, too: whoever goes so many back from a head need not look where the log begins. */
const place = form(
  'a whole number',
  (value) => value === -Infinity || value === Infinity || Number.isInteger(value),
);
const counts = form('a list of whole numbers', (value) => Array.isArray(value) && value.every(isCount));
const flag = form('true or false', (value) => typeof value === 'boolean');
const version = form("a number or 'any'", (value) => typeof value === 'number' || value === 'any');
const callable = form('a function', (value) => typeof value === 'function');
const kind = form("'run' or 'session'", (value) => value === 'run' || value === 'session');
const pages = form(
  'an async iterable',
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
);

/** Infinity is no bound. */
function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && (Number.isInteger(value) || value === Infinity);
}

/** What an event is made of is looked at where it is written. */
const events = listOf(object({}));
const newLog = object({ id: text, kind, label: orNull(text), createdAt: text });
const head = object({ logId: text, seq: number, hash: text });
const readOptions = object({
  ...{ after: optional(place), before: optional(place), limit: optional(count) },
  ...{ types: optional(texts), passedOver: optional(texts), runId: optional(text), since: optional(text) },
  ...{ reverse: optional(flag), hashes: optional(flag), bare: optional(flag), withPayloads: optional(flag) },
});
const recordQuery = object({
  kind: text,
  where: optional(listOf(object({ field: text }))),
  orderBy: text,
  descending: optional(flag),
  after: optional(object({ value: text, id: text })),
});

const commit = {
  parts: listOf(
    object({ logId: text, expected: version, epoch: orNull(number), events, log: optional(newLog) }),
  ),
  records: listOf(
    object({
      ...{ kind: text, id: text, expectedVersion: version, value: orNull(text) },
      fields: optional(object({})),
    }),
  ),
};

type Call = Exclude<keyof SearchableStore, 'storeId' | 'capabilities' | 'search' | 'renew' | 'close'>;

/** In the order of the arguments. */
const calls: Readonly<Record<Call, Readonly<Record<string, Form>>>> = {
  create: { log: newLog },
  fork: {
    fork: object({
      ...{
        parent: text,
        atSeq: number,
        id: text,
        label: orNull(text),
        createdAt: text,
        events: optional(events),
      },
    }),
  },
  detach: { logId: text },
  info: { logId: text },
  head: { logId: text },
  logs: { filter: object({ kind: optional(kind), after: optional(text), limit: optional(count) }) },
  commit,
  commitSessions: commit,
  read: { logId: text, options: readOptions },
  readNow: { logId: text, options: readOptions },
  get: { logId: text, eventId: text },
  tail: {
    options: object({
      logId: optional(text),
      after: optional(text),
      from: optional(form("'beginning' or 'end'", (value) => value === 'beginning' || value === 'end')),
    }),
  },
  record: { kind: text, id: text },
  records: { kind: text, prefix: text },
  recordBefore: { kind: text, id: text },
  recordsBelow: { prefix: text },
  findRecords: { query: recordQuery, page: object({ limit: count, offset: optional(count) }) },
  countRecords: { query: recordQuery },
  acquire: { logId: text },
  release: { lease: object({ logId: text, epoch: number }) },
  remove: { head, unless: optional(object({ kind: text, id: text })) },
  redact: {
    redaction: object({ logId: text, seqs: counts, note: object({ by: text, at: text, reason: text }) }),
    records: optional(commit.records),
  },
  grown: {
    awaited: object({ logId: text, after: number, types: optional(texts), runId: optional(text) }),
    signal: object({ addEventListener: callable }),
  },
  copyIn: {
    copy: object({
      log: newLog,
      parent: orNull(object({ logId: text, atSeq: count })),
      after: count,
      epoch: orNull(number),
      replaces: orNull(head),
      pages,
      records: callable,
    }),
  },
};

const formsOfCalls = new Map(Object.entries(calls).map(([call, forms]) => [call, Object.entries(forms)]));

/** Refuses the first argument of a method of a store that has another form than the port says. Throws `InvalidArgumentType`. */
export function checkCall(call: string, ...given: readonly unknown[]): void {
  for (const [index, [name, check]] of (formsOfCalls.get(call) ?? []).entries())
    check(call, name, given[index]);
}
