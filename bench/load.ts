// How long does it take to have a run of 100,000 events back, with its whole graph? Parsing the payloads alone takes about two
// microseconds an event; reading the rows and filing the objects should not cost more than that again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, sha256 } from '../src/app/index.ts';
import { decodeEvent, type EventRow, type LogStore } from '../src/log/index.ts';
import { loadState } from '../src/runtime/index.ts';
import { interleave, type Line, median, quantile, rate, timed } from './harness.ts';

const events = 100_000;

export async function benchLoad(rounds: number): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-bench-'));
  const store = await openStore(`sqlite:////${join(folder, 'load.db').slice(1)}`);
  try {
    const bytes = await fill(store);
    const results = await interleave(
      [
        { name: 'parse', run: async () => ({ units: events, ms: await timed(() => parseAll(store)) }) },
        {
          name: 'load',
          run: async () => ({ units: events, ms: await timed(() => loadState(store, 'run')) }),
        },
        {
          name: 'verify',
          run: async () => ({
            units: events,
            ms: await timed(() => loadState(store, 'run', { verifyWith: sha256 })),
          }),
        },
      ],
      rounds,
    );
    const of = (name: string): number => results.get(name)?.perSecond ?? Number.NaN;
    return [
      {
        what: `load, 100,000 events of ${Math.round(bytes / events)} bytes: rows and JSON.parse alone`,
        figure: rate(of('parse')),
      },
      line('load, parsed and projected', of('load'), of('parse'), 280_000),
      line('load, with hash verification', of('verify'), of('parse'), 200_000),
      ...(await forks(store)),
    ];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function line(what: string, perSecond: number, parse: number, aim: number): Line {
  return { what, figure: rate(perSecond), ratio: perSecond / parse, aim: rate(aim), met: perSecond >= aim };
}

async function fill(store: LogStore): Promise<number> {
  await store.create({ id: 'run', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  let bytes = 0;
  for (let done = 0; done < events; done += 10_000) {
    const batch = Array.from({ length: 10_000 }, (_, index) => objectRow(done + index + 1));
    for (const row of batch) bytes += row.payload.length;
    await store.commit([{ logId: 'run', expected: done, epoch: null, events: batch }]);
  }
  return bytes;
}

function objectRow(seq: number): EventRow {
  const id = `note#${seq}`;
  const provenance = {
    created_by: 'writer',
    caused_by_event: 'evt_001',
    frame_id: null,
    timestamp: '2026-01-01T00:00:00Z',
    evidence: [],
  };
  const data = {
    title: `Note number ${seq}`,
    body: 'What was seen, by whom, and what follows from it, in one line.',
    score: seq % 100,
  };
  return {
    id: `evt_${String(seq).padStart(3, '0')}`,
    type: 'object.created',
    payload: JSON.stringify({ object: { id, type: 'note', data, version: 1, provenance }, id }),
    actor: 'writer',
    causedBy: 'evt_001',
    frameId: null,
    timestamp: '2026-01-01T00:00:00Z',
    subject: id,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}

async function parseAll(store: LogStore): Promise<number> {
  let keys = 0;
  for await (const page of store.read('run'))
    for (const stored of page) keys += Object.keys(decodeEvent(stored, 'run').payload).length;
  return keys;
}

/** A fork is one row: 200 forks at the middle, each beside a bare durable commit of one event. */
async function forks(store: LogStore): Promise<readonly Line[]> {
  const forkMs: number[] = [];
  const commitMs: number[] = [];
  await store.create({ id: 'beside', kind: 'run', label: null, createdAt: '2026-01-01T00:00:00Z' });
  for (let index = 0; index < 210; index += 1) {
    const row = { ...objectRow(index + 1), payload: '{}' };
    const commit = await timed(() =>
      store.commit([{ logId: 'beside', expected: index, epoch: null, events: [row] }]),
    );
    const fork = await timed(() =>
      store.fork({
        parent: 'run',
        atSeq: events / 2,
        id: `fork-${index}`,
        label: null,
        createdAt: '2026-01-01T00:00:00Z',
      }),
    );
    if (index < 10) continue;
    commitMs.push(commit);
    forkMs.push(fork);
  }
  const bound = quantile(commitMs, 0.99) + 1;
  const p99 = quantile(forkMs, 0.99);
  return [
    {
      what: 'fork at the middle of 100,000 events, median',
      figure: `${median(forkMs).toFixed(2)} ms`,
      ratio: median(forkMs) / median(commitMs),
    },
    {
      what: 'fork at the middle of 100,000 events, p99 of 200',
      figure: `${p99.toFixed(2)} ms`,
      aim: `p99 of a commit + 1 ms = ${bound.toFixed(2)} ms`,
      met: p99 <= bound,
    },
  ];
}
