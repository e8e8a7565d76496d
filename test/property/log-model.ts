// The plainest reading of the port: a log is an array, a fork is a copy, and the rules of a commit stand in a row.
import {
  ConcurrentWriterError,
  DuplicateEventError,
  type EventRow,
  FencedError,
  type LogKind,
  RunExistsError,
  RunNotFoundError,
  RunOwnedError,
} from '../../src/log/index.ts';
import { InvalidRuntimeConfiguration } from '../../src/base/index.ts';

export interface ModelLog {
  readonly kind: LogKind;
  events: readonly EventRow[];
  epoch: number;
  isOwned: boolean;
}

export interface ModelPart {
  readonly logId: string;
  readonly expected: number | 'any';
  readonly epoch: number | null;
  readonly events: readonly EventRow[];
}

/** What came of a call: `ok`, or the code of the refusal. */
export type Outcome = string;

export class LogModel {
  readonly logs = new Map<string, ModelLog>();

  create(id: string, kind: LogKind): Outcome {
    if (this.logs.has(id)) return RunExistsError.code;
    this.logs.set(id, { kind, events: [], epoch: 0, isOwned: false });
    return 'ok';
  }

  fork(parent: string, atSeq: number, id: string): Outcome {
    const log = this.logs.get(parent);
    if (log === undefined) return RunNotFoundError.code;
    if (this.logs.has(id)) return RunExistsError.code;
    if (atSeq > log.events.length) return InvalidRuntimeConfiguration.code;
    this.logs.set(id, { kind: log.kind, events: log.events.slice(0, atSeq), epoch: 0, isOwned: false });
    return 'ok';
  }

  /** Changes nothing that can be read. */
  detach(id: string): Outcome {
    return this.logs.has(id) ? 'ok' : RunNotFoundError.code;
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

  append(part: ModelPart): Outcome {
    const log = this.logs.get(part.logId);
    if (log === undefined) return RunNotFoundError.code;
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

function sameContent(event: EventRow, stored: EventRow | undefined): boolean {
  if (stored === undefined) return false;
  const keys = Object.keys(event).filter((key) => key !== 'subject');
  return keys.every((key) => Reflect.get(event, key) === Reflect.get(stored, key));
}
