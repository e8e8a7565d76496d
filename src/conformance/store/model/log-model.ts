/**
 * Decides what the port means, in the plainest reading: a log is an array, a fork is a copy, a record is a value with a
 * version, and the rules of a commit stand in a row. Stores are compared with it, command by command.
 */
import { InvalidRuntimeConfiguration } from '../../../base/index.ts';
import {
  AtomicCommitUnsupportedError,
  ConcurrentWriterError,
  DuplicateEventError,
  type EventRow,
  FencedError,
  type LogKind,
  RunExistsError,
  RunNotFoundError,
  RunOwnedError,
} from '../../../log/index.ts';

export interface ModelLog {
  readonly kind: LogKind;
  events: readonly EventRow[];
  epoch: number;
  isOwned: boolean;
  isFork: boolean;
}

export interface ModelPart {
  readonly logId: string;
  readonly expected: number | 'any';
  readonly epoch: number | null;
  readonly events: readonly EventRow[];
}

export interface ModelWrite {
  readonly id: string;
  readonly expectedVersion: number | 'any';
  readonly value: string | null;
}

/** What came of a call: `ok`, or the code of the refusal. */
export type Outcome = string;

export class LogModel {
  readonly logs = new Map<string, ModelLog>();
  readonly records = new Map<string, { readonly version: number; readonly value: string }>();
  readonly #hasWholeCommits: boolean;

  constructor(capabilities: { readonly atomicCommit: boolean } = { atomicCommit: true }) {
    this.#hasWholeCommits = capabilities.atomicCommit;
  }

  create(id: string, kind: LogKind): Outcome {
    if (this.logs.has(id)) return RunExistsError.code;
    this.logs.set(id, { kind, events: [], epoch: 0, isOwned: false, isFork: false });
    return 'ok';
  }

  fork(parent: string, atSeq: number, id: string): Outcome {
    const log = this.logs.get(parent);
    if (log === undefined) return RunNotFoundError.code;
    if (this.logs.has(id)) return RunExistsError.code;
    if (atSeq > log.events.length) return InvalidRuntimeConfiguration.code;
    const events = log.events.slice(0, atSeq);
    this.logs.set(id, { kind: log.kind, events, epoch: 0, isOwned: false, isFork: true });
    return 'ok';
  }

  /** Changes nothing that can be read. */
  detach(id: string): Outcome {
    const log = this.logs.get(id);
    if (log === undefined) return RunNotFoundError.code;
    if (log.isFork && !this.#hasWholeCommits) return AtomicCommitUnsupportedError.code;
    log.isFork = false;
    return 'ok';
  }

  acquire(id: string): Outcome {
    const log = this.logs.get(id);
    if (log === undefined) return RunNotFoundError.code;
    if (log.isOwned) return RunOwnedError.code;
    log.isOwned = true;
    log.epoch += 1;
    return 'ok';
  }

  /** Opening again frees what was owned. */
  reopen(): Outcome {
    for (const log of this.logs.values()) log.isOwned = false;
    return 'ok';
  }

  write({ id, expectedVersion, value }: ModelWrite): Outcome {
    const present = this.records.get(id);
    const version = present?.version ?? 0;
    if (expectedVersion !== 'any' && expectedVersion !== version) {
      const isDone =
        (present?.value ?? null) === value && (value === null || version === expectedVersion + 1);
      return isDone ? 'ok' : ConcurrentWriterError.code;
    }
    if (value === null) this.records.delete(id);
    else this.records.set(id, { version: version + 1, value });
    return 'ok';
  }

  append(given: ModelPart): Outcome {
    const log = this.logs.get(given.logId);
    if (log === undefined) return RunNotFoundError.code;
    const part = this.#hasWholeCommits ? given : withoutWrittenPrefix(given, log.events);
    const places = part.events.map(({ id }) => log.events.findIndex((stored) => stored.id === id));
    const isSame = part.events.map((event, index) => sameContent(event, log.events[places[index] ?? -1]));
    const isPlaced = (index: number): boolean =>
      part.expected === 'any' || places[index] === part.expected + index;
    if (part.events.length > 0 && isSame.every((same, index) => same && isPlaced(index))) return 'ok';
    if (places.some((place, index) => place >= 0 && isSame[index] === false)) return DuplicateEventError.code;
    if (new Set(part.events.map(({ id }) => id)).size < part.events.length) return DuplicateEventError.code;
    if ((part.epoch ?? (log.kind === 'session' ? log.epoch : 0)) !== log.epoch) return FencedError.code;
    if (part.expected !== 'any') {
      if (part.expected !== log.events.length) return ConcurrentWriterError.code;
      if (places.some((place) => place >= 0)) return DuplicateEventError.code;
    }
    log.events = [...log.events, ...part.events.filter((_, index) => places[index] === -1)];
    return 'ok';
  }
}

/** Without whole commits a stored beginning is what a failure left of this very commit. */
function withoutWrittenPrefix(part: ModelPart, stored: readonly EventRow[]): ModelPart {
  if (part.expected === 'any') return part;
  const { expected, events } = part;
  const written = stored.length - expected;
  const isWritten = (event: EventRow, index: number): boolean => sameContent(event, stored[expected + index]);
  if (written <= 0 || written >= events.length || !events.slice(0, written).every(isWritten)) return part;
  return { ...part, expected: stored.length, events: events.slice(written) };
}

function sameContent(event: EventRow, stored: EventRow | undefined): boolean {
  if (stored === undefined || stored.id !== event.id) return false;
  const keys = Object.keys(event).filter((key) => key !== 'subject');
  return keys.every((key) => Reflect.get(event, key) === Reflect.get(stored, key));
}
