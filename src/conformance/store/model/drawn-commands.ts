/** Decides which commands are drawn by chance: few ids and few contents, so that conflicts are frequent. */
import type { Random } from '../../../base/index.ts';
import type { ReadOptions } from '../../../log/index.ts';
import type { AppendCommand, EventChoice, LogCommand } from './log-command.ts';

/** How often each kind of command is drawn, against the others. */
export type CommandMix = Readonly<Partial<Record<LogCommand['kind'], number>>>;

export const everyKind: CommandMix = { append: 8, write: 3, create: 2, fork: 2, detach: 1, acquire: 1 };

export function drawCommands(random: Random, mix: CommandMix, count: number): readonly LogCommand[] {
  return Array.from({ length: count }, () => drawCommand(random, drawKind(random, mix)));
}

export function drawAppend(random: Random): AppendCommand {
  const events = Array.from({ length: random.integer(0, 4) }, () => drawEvent(random));
  return {
    kind: 'append',
    log: drawLog(random),
    place: drawPlace(random),
    epoch: random.integer(1, 10) > 2 ? 'right' : random.pick(['none', 'wrong']),
    events,
  };
}

export function drawReadOptions(random: Random): ReadOptions {
  const isGiven = (): boolean => random.integer(0, 1) === 1;
  return {
    ...(isGiven() ? { after: random.integer(0, 12) } : {}),
    ...(isGiven() ? { before: random.integer(0, 14) } : {}),
    ...(isGiven() ? { limit: random.integer(0, 6) } : {}),
    ...(isGiven() ? { reverse: true } : {}),
  };
}

function drawKind(random: Random, mix: CommandMix): string {
  const kinds = Object.entries(mix).flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));
  return kinds[random.integer(0, kinds.length - 1)] ?? 'append';
}

function drawCommand(random: Random, kind: string): LogCommand {
  const log = drawLog(random);
  switch (kind) {
    case 'write': {
      const expectedVersion = random.pick<number | 'any'>(['any', 0, 1, 2, 3]);
      const value = random.integer(1, 4) === 1 ? null : random.pick(['1', '2', '"2"']);
      return { kind, id: random.pick(['x', 'y']), expectedVersion, value };
    }
    case 'create':
      return { kind, log, isSession: random.integer(0, 1) === 1 };
    case 'fork':
      return { kind, log, parent: drawLog(random), share: random.next() * 1.3 };
    case 'detach':
    case 'acquire':
      return { kind, log };
    case 'reopen':
      return { kind };
    default:
      return drawAppend(random);
  }
}

function drawLog(random: Random): string {
  return random.pick(['a', 'b', 'c', 'd', 'e']);
}

function drawPlace(random: Random): AppendCommand['place'] {
  const die = random.integer(1, 9);
  return die <= 5 ? 'head' : die <= 7 ? 'any' : random.integer(0, 8);
}

function drawEvent(random: Random): EventChoice {
  const die = random.integer(1, 10);
  const id = die <= 6 ? 'next' : die <= 8 ? random.pick(['x', 'y', 'z']) : random.integer(1, 9);
  return { id, content: random.integer(0, 1) };
}
