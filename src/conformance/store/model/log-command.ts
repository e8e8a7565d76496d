/** Decides what a command for a store and for the model is, and how both are given the same one. */
import { eventIdAt, isStructuredError } from '../../../base/index.ts';
import type { EventRow, LogStore } from '../../../log/index.ts';
import { sampleEvent, sampleTime } from '../sample-log.ts';
import type { LogModel, ModelPart, ModelWrite, Outcome } from './log-model.ts';

export interface EventChoice {
  /** The word `next` is the canonical id of the place; a number is that of another place. */
  readonly id: number | string;
  readonly content: number;
}

export interface AppendCommand {
  readonly kind: 'append';
  readonly log: string;
  readonly place: 'head' | 'any' | number;
  readonly epoch: 'right' | 'none' | 'wrong';
  readonly events: readonly EventChoice[];
}

export interface WriteCommand extends ModelWrite {
  readonly kind: 'write';
}

export type LogCommand =
  | AppendCommand
  | WriteCommand
  | { readonly kind: 'create'; readonly log: string; readonly isSession: boolean }
  | { readonly kind: 'fork'; readonly log: string; readonly parent: string; readonly share: number }
  | { readonly kind: 'detach' | 'acquire'; readonly log: string }
  | { readonly kind: 'reopen' };

/** The part that a command means for the logs as they stand. */
export function partOf(command: AppendCommand, model: LogModel): ModelPart {
  const known = model.logs.get(command.log);
  const head = known?.events.length ?? 0;
  const expected = command.place === 'head' ? head : command.place;
  const first = (expected === 'any' ? head : expected) + 1;
  const right = known === undefined || known.epoch === 0 ? null : known.epoch;
  const epoch = command.epoch === 'right' ? right : command.epoch === 'none' ? null : (known?.epoch ?? 0) + 1;
  const events = command.events.map((each, index) => rowOf(each, first + index));
  return { logId: command.log, expected, epoch, events };
}

function rowOf({ id, content }: EventChoice, seq: number): EventRow {
  const named = typeof id === 'number' ? eventIdAt(id) : id === 'next' ? eventIdAt(seq) : id;
  const fields = { id: named, type: 'thing.happened', payload: `{"content":${content}}` };
  return sampleEvent(seq, { ...fields, actor: null, causedBy: null });
}

export function onModel(command: LogCommand, model: LogModel): Outcome {
  switch (command.kind) {
    case 'append':
      return model.append(partOf(command, model));
    case 'write':
      return model.write(command);
    case 'create':
      return model.create(command.log, command.isSession ? 'session' : 'run');
    case 'fork':
      return model.fork(command.parent, placeOfFork(command, model), command.log);
    case 'detach':
      return model.detach(command.log);
    case 'acquire':
      return model.acquire(command.log);
    case 'reopen':
      break;
  }
  return model.reopen();
}

/** Everything but `reopen`, which belongs to the place. The model says what the command means; it is not changed. */
export async function onStore(command: LogCommand, store: LogStore, model: LogModel): Promise<Outcome> {
  switch (command.kind) {
    case 'append':
      return outcomeOf(store.commit([partOf(command, model)]));
    case 'write': {
      const { id, expectedVersion, value } = command;
      return outcomeOf(store.commit([], [{ kind: 'k', id, expectedVersion, value }]));
    }
    case 'create': {
      const kind = command.isSession ? 'session' : 'run';
      return outcomeOf(store.create({ id: command.log, kind, label: null, createdAt: sampleTime }));
    }
    case 'fork': {
      const { log: id, parent } = command;
      const atSeq = placeOfFork(command, model);
      return outcomeOf(store.fork({ parent, atSeq, id, label: null, createdAt: sampleTime }));
    }
    case 'detach':
      return outcomeOf(store.detach(command.log));
    case 'acquire':
      return outcomeOf(store.acquire(command.log));
    case 'reopen':
      break;
  }
  return 'ok';
}

/** `ok`, or the code of the refusal. Rejects with what is no refusal. */
export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (isStructuredError(error)) return error.code;
    throw error;
  }
}

/** The place of a fork: a share above 1 lies behind the head. */
function placeOfFork(command: { readonly parent: string; readonly share: number }, model: LogModel): number {
  const head = model.logs.get(command.parent)?.events.length ?? 0;
  return Math.round(head * command.share + (command.share > 1 ? 1 : 0));
}
