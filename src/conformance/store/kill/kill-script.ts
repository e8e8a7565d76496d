/**
 * Decides what a process writes until it is killed: a small life of one run, in writes that can be counted, each with what the
 * store holds behind it.
 */
import { type LogStore, RunExistsError, type StoreCapabilities } from '../../../log/index.ts';
import { appendAt, sampleEvents, sampleLog } from '../sample-log.ts';

/** What one process knows of the run that it writes. */
export interface Life {
  epoch: number | null;
}

/** One call that changes the store. Each may be made again, by the same process or by the next. */
export interface KillWrite {
  readonly name: string;
  /** How many events the run has behind it. */
  readonly events: number;
  /** The version of the document behind it; 0 for none. */
  readonly version: number;
  run(store: LogStore, life: Life): Promise<void>;
}

export const killedRun = 'a';
export const killedDocument = { kind: 'k', id: 'a/x' } as const;

/** The event of every place. Long enough for a batch to take its time. */
export function killEvents(first: number, count: number): ReturnType<typeof sampleEvents> {
  return sampleEvents(first, count).map((event, index) => ({
    ...event,
    payload: `{"n":${first + index},"text":"${'x'.repeat(300)}"}`,
  }));
}

/** The writes that a store with these capabilities takes, in order. */
export function killWrites({ atomicCommit }: Pick<StoreCapabilities, 'atomicCommit'>): readonly KillWrite[] {
  return [
    { name: 'the making of the run', events: 0, version: 0, run: made },
    {
      name: 'the claim of the run',
      events: 0,
      version: 0,
      async run(store, life) {
        life.epoch ??= (await store.acquire(killedRun)).epoch;
      },
    },
    batch('the first event', 0, 1, 0),
    batch('a batch', 1, 200, 0),
    atomicCommit ? withDocument(201, 20) : batch('a small batch', 201, 20, 0),
    batch('a large batch', 221, 400, atomicCommit ? 1 : 0),
  ];
}

async function made(store: LogStore): Promise<void> {
  try {
    await store.create(sampleLog(killedRun));
  } catch (error) {
    // Made by a process whose answer nobody heard.
    if (!(error instanceof RunExistsError)) throw error;
  }
}

function batch(name: string, after: number, count: number, version: number): KillWrite {
  return {
    name,
    events: after + count,
    version,
    async run(store, { epoch }) {
      await appendAt(store, killedRun, after, killEvents(after + 1, count), epoch);
    },
  };
}

function withDocument(after: number, count: number): KillWrite {
  return {
    name: 'a batch with a document',
    events: after + count,
    version: 1,
    async run(store, { epoch }) {
      const events = killEvents(after + 1, count);
      await store.commit(
        [{ logId: killedRun, expected: after, epoch, events }],
        [{ ...killedDocument, expectedVersion: 0, value: `{"at":${after + count}}` }],
      );
    },
  };
}
