import { expect, test } from 'vitest';
import { CorruptedEventPayloadError, type EventRow, genesisHash } from '../log/index.ts';
import { ImportStream } from './import-stream.ts';
import type { MigrationSource, SourceRun } from './source.ts';

const run: SourceRun = {
  id: 'a',
  kind: 'run',
  label: null,
  createdAt: '2026-01-01T00:00:00Z',
  parent: null,
  events: 0,
  headHash: null,
};

function row(n: number, characters: number): EventRow {
  const none = { subject: null, runId: null, provider: null, correlationId: null };
  return {
    id: `evt_00${n}`,
    type: 'note',
    payload: 'x'.repeat(characters),
    actor: null,
    causedBy: n === 1 ? null : `evt_00${n - 1}`,
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
    schemaVersion: null,
    metadata: null,
    ...none,
  };
}

function streamOf(rows: readonly EventRow[], skipCorrupted: boolean): ImportStream {
  const source: MigrationSource = {
    location: 'here',
    format: 'foreign',
    storeId: null,
    runs: async () => [run],
    async *events() {
      yield rows.map((each) => ({ ok: true, row: each }) as const);
    },
    hashAt: async () => null,
    records: async () => [],
    digest: () => null,
    notes: () => [],
    close: async () => undefined,
  };
  const start = { after: 0, hash: genesisHash };
  return new ImportStream(source, run, start, {
    sha256: () => genesisHash,
    skipCorrupted,
    upTo: rows.length,
  });
}

async function pagesOf(stream: ImportStream): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  for await (const page of stream.pages()) pages.push(page.map(({ id }) => id));
  return pages;
}

const megabytes = 1024 * 1024;

test('what is handed on at once stays small, however long the rows of a page are', async () => {
  const rows = [1, 2, 3, 4, 5].map((n) => row(n, n === 4 ? 20 * megabytes : 3 * megabytes));
  expect(await pagesOf(streamOf(rows, false))).toEqual([
    ['evt_001', 'evt_002'],
    ['evt_003'],
    ['evt_004'],
    ['evt_005'],
  ]);
});

test('an event that is longer than an event may be is named with its length, or left out with what it caused listed', async () => {
  const rows = [row(1, 2), row(2, 65 * megabytes), row(3, 2)];
  const refused = pagesOf(streamOf(rows, false));
  await expect(refused).rejects.toBeInstanceOf(CorruptedEventPayloadError);
  await expect(refused).rejects.toThrow(/evt_002/);
  const stream = streamOf(rows, true);
  expect(await pagesOf(stream)).toEqual([['evt_001', 'evt_003']]);
  expect(stream.skipped).toEqual([
    { eventId: 'evt_002', why: 'it has 68157440 characters, and an event has at most 67108864' },
  ]);
  expect(stream.brokenLinks).toEqual([{ eventId: 'evt_003', causedBy: 'evt_002' }]);
});
