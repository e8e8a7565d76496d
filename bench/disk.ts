// How many bytes does a store take beside what it has to keep? Unique content is each different payload once, and of each event its
// type, actor, cause, frame and time, and 32 bytes of hash. Measured on the closed file.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { execPath } from 'node:process';
import { openStore } from '../src/app/index.ts';
import type { LogStore, StoredEvent } from '../src/log/index.ts';
import { claimPayload, claimRows, createdAt } from './claim-rows.ts';
import { type Figure, figureOf } from './harness/figure.ts';
import { urlOf, withScratch } from './scratch.ts';

const events = 100_000;

export async function benchDisk(): Promise<readonly Figure[]> {
  return withScratch(async ({ newFile }) => {
    const [claims, quickstart] = [newFile(), newFile()];
    const store = await openStore(urlOf(claims));
    await fillDifferent(store);
    await store.close();
    const args = [resolve('bin/runlog.js'), 'quickstart', '--store', urlOf(quickstart)];
    const { status, stderr } = spawnSync(execPath, args, { encoding: 'utf8' });
    if (status !== 0)
      throw new Error(`the quickstart ended with ${status}; is it built? ./dev build\n${stderr}`);
    return [
      await sizeFigures('claims', '100,000 events of 335 bytes', claims),
      await sizeFigures('quickstart', 'the quickstart and its fork', quickstart),
    ].flat();
  });
}

/** Each text of 335 bytes is another one, so that no part of it is kept for two. */
async function fillDifferent(store: LogStore): Promise<void> {
  await store.create({ id: 'run', kind: 'run', label: null, createdAt });
  const text = 'x'.repeat(113);
  for (let seq = 0; seq < events; seq += 10_000) {
    const rows = claimRows(seq + 1, 10_000).map((row, index) => ({
      ...row,
      payload: claimPayload.replace(text, `${seq + index} `.padEnd(113, 'x')),
    }));
    await store.commit([{ logId: 'run', expected: seq, epoch: null, events: rows }]);
  }
}

async function sizeFigures(id: string, what: string, path: string): Promise<readonly Figure[]> {
  const store = await openStore(urlOf(path), { mode: 'read' });
  const content = await contentOf(store);
  await store.close();
  const size = statSync(path).size;
  const line = (of: string, bytes: number) => ({ of, samples: [size / bytes] });
  return [
    figureOf({
      id: `disk/${id}`,
      what: `disk, ${what}`,
      unit: 'bytes',
      samples: [size],
      ratio: line('its unique content', content.texts),
    }),
    figureOf({
      id: `disk/${id}-payloads`,
      what: `disk, ${what}, beside the payloads alone`,
      unit: 'bytes',
      samples: [size],
      ratio: line('its different payloads', content.payloads),
    }),
  ];
}

interface Content {
  readonly payloads: number;
  readonly texts: number;
}

async function contentOf(store: LogStore): Promise<Content> {
  let [payloads, texts] = [0, 0];
  const known = new Set<string>();
  for (const { id, parent } of await store.logs({ limit: 1000 })) {
    for await (const page of store.read(id, { after: parent?.atSeq ?? 0 })) {
      for (const event of page) {
        const bytes = known.has(event.payload) ? 0 : Buffer.byteLength(event.payload);
        known.add(event.payload);
        payloads += bytes;
        texts += bytes + envelopeBytes(event);
      }
    }
  }
  return { payloads, texts };
}

/** What else a reader gets of an event, and its hash of 32 bytes; ids of runs follow from their places. */
function envelopeBytes({ type, actor, causedBy, frameId, timestamp }: StoredEvent): number {
  const texts = [type, actor, causedBy, frameId, timestamp];
  return 32 + texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
}
