// Decides which calls a law is tried with: few ids and few contents, so that conflicts are frequent.
import * as fc from 'fast-check';
import { eventIdAt, isStructuredError } from '../../src/base/index.ts';
import type { EventRow, LogStore } from '../../src/log/index.ts';
import type { LogModel, ModelPart, Outcome } from './log-model.ts';

const createdAt = '2026-01-01T00:00:00Z';

interface EventChoice {
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

export type StoreCommand =
  | AppendCommand
  | { readonly kind: 'create'; readonly log: string; readonly isSession: boolean }
  | { readonly kind: 'fork'; readonly log: string; readonly parent: string; readonly share: number }
  | { readonly kind: 'detach' | 'acquire'; readonly log: string }
  | { readonly kind: 'reopen' };

const log = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const event: fc.Arbitrary<EventChoice> = fc.record({
  id: fc.oneof(
    { weight: 6, arbitrary: fc.constant<EventChoice['id']>('next') },
    { weight: 2, arbitrary: fc.constantFrom('x', 'y', 'z') },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }) },
  ),
  content: fc.integer({ min: 0, max: 1 }),
});

export const appendCommand: fc.Arbitrary<AppendCommand> = fc.record({
  kind: fc.constant('append'),
  log,
  place: fc.oneof(
    { weight: 5, arbitrary: fc.constant<AppendCommand['place']>('head') },
    { weight: 2, arbitrary: fc.constant<AppendCommand['place']>('any') },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 8 }) },
  ),
  epoch: fc.oneof(
    { weight: 8, arbitrary: fc.constant<AppendCommand['epoch']>('right') },
    { weight: 1, arbitrary: fc.constantFrom<AppendCommand['epoch']>('none', 'wrong') },
  ),
  events: fc.array(event, { maxLength: 4 }),
});

export const createCommand: fc.Arbitrary<StoreCommand> = fc.record({
  kind: fc.constant('create'),
  log,
  isSession: fc.boolean(),
});

export const forkCommand: fc.Arbitrary<StoreCommand> = fc.record({
  kind: fc.constant('fork'),
  log,
  parent: log,
  share: fc.double({ min: 0, max: 1.3, noNaN: true }),
});

export const anyCommand: fc.Arbitrary<StoreCommand> = fc.oneof(
  { weight: 8, arbitrary: appendCommand },
  { weight: 2, arbitrary: createCommand },
  { weight: 2, arbitrary: forkCommand },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('detach', 'acquire'), log }) },
  { weight: 1, arbitrary: fc.constant<StoreCommand>({ kind: 'reopen' }) },
);

function rowOf(choice: EventChoice, seq: number): EventRow {
  const id =
    typeof choice.id === 'number' ? eventIdAt(choice.id) : choice.id === 'next' ? eventIdAt(seq) : choice.id;
  return {
    id,
    type: 'thing.happened',
    payload: `{"content":${choice.content}}`,
    actor: null,
    causedBy: null,
    frameId: null,
    timestamp: createdAt,
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}

/** The part that a command means for the logs as they stand. */
export function partOf(command: AppendCommand, model: LogModel): ModelPart {
  const known = model.logs.get(command.log);
  const head = known?.events.length ?? 0;
  const expected = command.place === 'head' ? head : command.place;
  const first = (expected === 'any' ? head : expected) + 1;
  const right = known === undefined || known.epoch === 0 ? null : known.epoch;
  const epoch = command.epoch === 'right' ? right : command.epoch === 'none' ? null : (known?.epoch ?? 0) + 1;
  return {
    logId: command.log,
    expected,
    epoch,
    events: command.events.map((each, index) => rowOf(each, first + index)),
  };
}

/** The place of a fork: a share above 1 lies behind the head. */
export function placeOfFork(
  command: { readonly parent: string; readonly share: number },
  model: LogModel,
): number {
  return Math.round(
    (model.logs.get(command.parent)?.events.length ?? 0) * command.share + (command.share > 1 ? 1 : 0),
  );
}

export function onModel(command: StoreCommand, model: LogModel): Outcome {
  switch (command.kind) {
    case 'append':
      return model.append(partOf(command, model));
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

/** Everything but `reopen`, which is its bed's. */
export async function onStore(command: StoreCommand, store: LogStore, model: LogModel): Promise<Outcome> {
  switch (command.kind) {
    case 'append':
      return outcomeOf(store.commit([partOf(command, model)]));
    case 'create': {
      const kind = command.isSession ? 'session' : 'run';
      return outcomeOf(store.create({ id: command.log, kind, label: null, createdAt }));
    }
    case 'fork': {
      const { log: id, parent } = command;
      return outcomeOf(
        store.fork({ parent, atSeq: placeOfFork(command, model), id, label: null, createdAt }),
      );
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

export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (isStructuredError(error)) return error.code;
    throw error;
  }
}
