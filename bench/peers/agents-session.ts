// What does the history of a chat cost behind the `Session` port of the OpenAI Agents SDK: items added one by one, and 10,000 read back?
// The SDK ships one session that needs no service, MemorySession, which keeps nothing; beside it the same port on stores of runlog.
import { MemorySession } from '@openai/agents';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/index.ts';
import { nodePlatform, sha256 } from '../../src/app/index.ts';
import { decodeEvent, type LogStore, openMemoryStore } from '../../src/log/index.ts';
import { claimRows, createdAt } from '../claim-rows.ts';
import type { Figure } from '../harness/figure.ts';
import { interleave, type Interleaved, timed } from '../harness/measure.ts';
import type { Scratch } from '../scratch.ts';
import { type Contender, ours, oursInMemory, oursRelaxed, peerLines, rates } from './line.ts';

const items = 10_000;
const addedItems = 2_000;

/** What is used of the port. */
interface Session {
  addItems(added: readonly object[]): Promise<void>;
  getItems(): Promise<readonly object[]>;
}

interface Remembering extends Contender {
  readonly open: () => Promise<{ readonly session: Session; readonly close: () => Promise<void> }>;
}

function itemAt(index: number): object {
  return {
    type: 'message',
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: `${index} `.padEnd(300, 'so '),
  };
}

export async function sessionFigures(rounds: number, { newFile }: Scratch): Promise<readonly Figure[]> {
  const contenders: readonly Remembering[] = [
    { ...oursInMemory, open: () => onStore(openMemoryStore({ sha256, nowMs: nodePlatform.nowMs })) },
    {
      name: 'OpenAI Agents SDK, MemorySession',
      durability: 'none: in memory',
      beside: oursInMemory.name,
      open: async () => ({ session: new MemorySession(), close: async () => undefined }),
    },
    { ...ours, open: async () => onStore(await openSqliteStore({ path: newFile(), mode: 'create' })) },
    {
      ...oursRelaxed,
      open: async () =>
        onStore(await openSqliteStore({ path: newFile(), mode: 'create', durability: 'process' })),
    },
  ];
  const added = await interleave(
    contenders.map((each) => ({ name: each.name, run: () => adding(each) })),
    rounds,
  );
  const read = await reading(contenders, rounds);
  const unit = 'items/s';
  return [
    ...peerLines(
      { unit, id: 'agents/session-add', what: 'a chat: 2,000 items added one by one' },
      contenders,
      rates(added),
    ),
    ...peerLines(
      { unit, id: 'agents/session-read', what: 'a chat of 10,000 items, read back' },
      contenders,
      rates(read),
    ),
  ];
}

async function adding({ open }: Remembering) {
  const { session, close } = await open();
  const ms = await timed(async () => {
    for (let index = 0; index < addedItems; index += 1) await session.addItems([itemAt(index)]);
  });
  await close();
  return { units: addedItems, ms };
}

async function reading(contenders: readonly Remembering[], rounds: number): Promise<Interleaved> {
  const opened = await Promise.all(contenders.map(async ({ name, open }) => ({ name, ...(await open()) })));
  const all = Array.from({ length: items }, (_, index) => itemAt(index));
  for (const { session } of opened) await session.addItems(all);
  const cases = opened.map(({ name, session }) => ({
    name,
    run: async () => {
      let count = 0;
      const ms = await timed(async () => void (count = (await session.getItems()).length));
      if (count !== items) throw new Error(`${name} gave ${count} items of ${items}`);
      return { units: items, ms };
    },
  }));
  const found = await interleave(cases, rounds);
  for (const { close } of opened) await close();
  return found;
}

/** The port on a log: an event an item. */
async function onStore(store: LogStore) {
  const logId = 'chat';
  await store.create({ id: logId, kind: 'run', label: null, createdAt });
  const { epoch } = await store.acquire(logId);
  let head = 0;
  const session: Session = {
    addItems: async (added) => {
      const events = claimRows(head + 1, added.length).map((row, index) => ({
        ...row,
        type: 'item.added',
        subject: null,
        payload: JSON.stringify(added[index]),
      }));
      await store.commit([{ logId, expected: head, epoch, events }]);
      head += added.length;
    },
    getItems: async () => {
      const found: object[] = [];
      for await (const page of store.read(logId))
        for (const stored of page) found.push(decodeEvent(stored, logId).payload);
      return found;
    },
  };
  return { session, close: () => store.close() };
}
