// Decides which calls a law is tried with: few ids and few contents, so that conflicts are frequent.
import * as fc from 'fast-check';
import type {
  AppendCommand,
  EventChoice,
  LogCommand,
  WriteCommand,
} from '../../src/conformance/store/model/log-command.ts';

export const anyLog = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const log = anyLog;
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

export const createCommand: fc.Arbitrary<LogCommand> = fc.record({
  kind: fc.constant('create'),
  log,
  isSession: fc.boolean(),
});

export const forkCommand: fc.Arbitrary<LogCommand> = fc.record({
  kind: fc.constant('fork'),
  log,
  parent: log,
  share: fc.double({ min: 0, max: 1.3, noNaN: true }),
});

const writeCommand: fc.Arbitrary<WriteCommand> = fc.record({
  kind: fc.constant('write'),
  id: fc.constantFrom('x', 'y'),
  expectedVersion: fc.constantFrom<WriteCommand['expectedVersion']>('any', 0, 1, 2, 3),
  value: fc.constantFrom('1', '2', '"2"', null),
});

export const anyCommand: fc.Arbitrary<LogCommand> = fc.oneof(
  { weight: 8, arbitrary: appendCommand },
  { weight: 3, arbitrary: writeCommand },
  { weight: 2, arbitrary: createCommand },
  { weight: 2, arbitrary: forkCommand },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('detach', 'acquire'), log }) },
  { weight: 1, arbitrary: fc.constant<LogCommand>({ kind: 'reopen' }) },
);
