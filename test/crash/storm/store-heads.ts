// Decides what a store holds, for whoever compares it with what it should hold: of each run the place of its head and the chain hash
// that its events have, computed anew.
import { hash } from 'node:crypto';
import { openStore } from 'runlog';
import { chainHash, genesisHash, type LogStore } from 'runlog/log';

export async function headsOf(url: string): Promise<ReadonlyMap<string, string>> {
  const store = await openStore(url, { mode: 'read' });
  try {
    const heads = new Map<string, string>();
    for (const { id } of await store.logs()) heads.set(id, await chainedHead(store, id));
    return new Map([...heads].toSorted(([left], [right]) => (left < right ? -1 : 1)));
  } finally {
    await store.close();
  }
}

async function chainedHead(store: LogStore, logId: string): Promise<string> {
  let link = genesisHash;
  let seq = 0;
  for await (const page of store.read(logId)) {
    for (const event of page) link = chainHash(link, event, (text) => hash('sha256', text, 'hex'));
    seq += page.length;
  }
  return `${seq} ${link}`;
}
