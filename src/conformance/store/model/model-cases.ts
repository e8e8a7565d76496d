/**
 * Cases of chance: commands drawn from a seed are given to the store and to the model, and both have to say the same. A failure
 * names the seed and the fewest commands that were found to show it.
 */
import { type Random, seededRandom } from '../../../base/index.ts';
import type { LogStore, ReadOptions } from '../../../log/index.ts';
import { expectEqual, UnmetExpectation } from '../../expect.ts';
import { readAll, sampleLog } from '../sample-log.ts';
import { type StoreContext, type StorePlace, storeCases } from '../store-case.ts';
import { expectAgrees, sliceOf } from './compare-with-model.ts';
import { type CommandMix, drawAppend, drawCommands, drawReadOptions, everyKind } from './drawn-commands.ts';
import { type LogCommand, onModel, onStore, outcomeOf, partOf } from './log-command.ts';
import { LogModel } from './log-model.ts';

const sequences = 12;
const sequenceLength = 40;

interface Table {
  readonly place: StorePlace;
  readonly random: Random;
  readonly sha256: StoreContext['sha256'];
}

/** Gives the commands to a store on an empty place; throws where store and model part. */
type Play = (commands: readonly LogCommand[], table: Table) => Promise<void>;

/** Draws sequences, plays each on a place of its own, and makes the first that fails as short as it gets. */
async function playsLikeModel(
  { sha256, seed, makePlace, removePlace }: StoreContext,
  name: string,
  draw: (random: Random) => readonly LogCommand[],
  play: Play,
): Promise<void> {
  for (let number = 1; number <= sequences; number += 1) {
    const root = sha256(`${name} ${seed} ${number}`);
    const commands = draw(seededRandom(root));
    const failureOf = async (tried: readonly LogCommand[]): Promise<string | null> => {
      const place = await makePlace();
      const failure = await failureText(play(tried, { place, random: seededRandom(sha256(root)), sha256 }));
      await removePlace(place);
      return failure;
    };
    const failure = await failureOf(commands);
    if (failure === null) continue;
    const shortest = await shortened(commands, failureOf);
    const text = `seed ${seed}, sequence ${number}: ${(await failureOf(shortest)) ?? failure}`;
    throw new UnmetExpectation(`${text}; after ${JSON.stringify(shortest)}`);
  }
}

async function shortened(
  commands: readonly LogCommand[],
  failureOf: (tried: readonly LogCommand[]) => Promise<string | null>,
): Promise<readonly LogCommand[]> {
  let shortest = commands;
  for (let index = commands.length - 1; index >= 0; index -= 1) {
    const tried = shortest.filter((_, at) => at !== index);
    if ((await failureOf(tried)) !== null) shortest = tried;
  }
  return shortest;
}

async function failureText(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function playInOrder(
  commands: readonly LogCommand[],
  { place, random, sha256 }: Table,
  handles: readonly [LogStore, ...LogStore[]],
): Promise<void> {
  let all = handles;
  const model = new LogModel(handles[0].capabilities);
  for (const [index, command] of commands.entries()) {
    if (command.kind === 'reopen') all = [await place.reopen()];
    const found = await onStore(command, random.pick(all), model);
    expectEqual(found, onModel(command, model), `the answer to command ${index + 1} (${command.kind})`);
  }
  await expectAgrees(random.pick(all), model, sha256);
}

const playAlone: Play = async (commands, table) => {
  await playInOrder(commands, table, [await table.place.open()]);
};

const playByTwo: Play = async (commands, table) => {
  const { place } = table;
  await playInOrder(commands, table, [await place.open(), await place.otherHandle()]);
};

/** Commits of three logs that do not wait for each other. */
const playUnawaited: Play = async (commands, { place, sha256 }) => {
  const store = await place.open();
  const model = new LogModel(store.capabilities);
  for (const log of ['a', 'b', 'c']) {
    const kind = log === 'c' ? 'session' : 'run';
    await store.create(sampleLog(log, { kind }));
    model.create(log, kind);
  }
  const expected: string[] = [];
  const answers = commands.flatMap((command) => {
    if (command.kind !== 'append') return [];
    const part = partOf(command, model);
    expected.push(model.append(part));
    return [outcomeOf(store.commit([part]))];
  });
  expectEqual(await Promise.all(answers), expected, 'the answers');
  await expectAgrees(store, model, sha256);
};

const playAndRead: Play = async (commands, { place, random, sha256 }) => {
  const store = await place.open();
  const model = new LogModel(store.capabilities);
  for (const command of commands) {
    await onStore(command, store, model);
    onModel(command, model);
  }
  for (const [logId, { events }] of model.logs) {
    for (let count = 0; count < 12; count += 1) {
      const options: ReadOptions = drawReadOptions(random);
      const read = (await readAll(store, logId, options)).map(({ seq, payload }) => [seq, payload] as const);
      expectEqual(read, sliceOf(events, options), `'${logId}' read with ${JSON.stringify(options)}`);
    }
  }
  await expectAgrees(store, model, sha256);
};

function drawn(mix: CommandMix): (random: Random) => readonly LogCommand[] {
  return (random) => drawCommands(random, mix, sequenceLength);
}

export const modelCases = storeCases('model', {
  appends: {
    why: 'Retries, conflicts and stale places come in orders that nobody thought of.',
    run: (context) => playsLikeModel(context, 'appends', drawn({ append: 12, create: 2 }), playAlone),
  },
  forks: {
    why: 'A fork of a fork of a detached fork is read like any other log.',
    run: (context) =>
      playsLikeModel(context, 'forks', drawn({ append: 4, create: 1, fork: 4, detach: 1 }), playAlone),
  },
  owners: {
    why: 'Epochs decide about every append, and they come and go in any order.',
    run: (context) =>
      playsLikeModel(context, 'owners', drawn({ append: 6, create: 2, acquire: 3, fork: 1 }), playAlone),
  },
  records: {
    why: 'A version that is counted wrong once loses a document later.',
    run: (context) => playsLikeModel(context, 'records', drawn({ write: 1 }), playAlone),
  },
  everything: {
    why: 'What works alone may not work after something else.',
    run: (context) => playsLikeModel(context, 'everything', drawn(everyKind), playAlone),
  },
  'two-handles': {
    why: 'What one handle remembers about a log is wrong as soon as another has written.',
    run: (context) => playsLikeModel(context, 'two-handles', drawn(everyKind), playByTwo),
  },
  unawaited: {
    why: 'Commits that share a transaction are answered as if each had come alone.',
    run: (context) =>
      playsLikeModel(context, 'unawaited', (random) => drawOn(['a', 'b', 'c'], random), playUnawaited),
  },
  reads: {
    why: 'A tree of forks is read as if each had copied its past, from any place to any other.',
    run: (context) =>
      playsLikeModel(context, 'reads', drawn({ append: 3, create: 1, fork: 3, detach: 1 }), playAndRead),
  },
  reopened: {
    why: 'What a handle remembers is gone with it; what it wrote is not.',
    run: (context) => playsLikeModel(context, 'reopened', drawn({ ...everyKind, reopen: 3 }), playAlone),
    needs: {
      promise: 'durability',
      async refuses(context) {
        await playsLikeModel(context, 'reopened', drawn(everyKind), async (commands, table) => {
          await playAlone(commands, table);
          const reopened = await table.place.reopen();
          expectEqual(await reopened.logs(), [], 'the logs of a store in memory that was opened again');
          expectEqual(await reopened.records('k', ''), [], 'its records');
        });
      },
    },
  },
});

function drawOn(logs: readonly [string, ...string[]], random: Random): readonly LogCommand[] {
  return Array.from({ length: 25 }, () => ({ ...drawAppend(random), log: random.pick(logs) }));
}
