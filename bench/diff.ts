// What does it cost to compare two runs? Reading, parsing and comparing an event takes a few microseconds; the past that two
// forks share must cost nothing, whatever its length.
import { openStore } from '../src/app/index.ts';
import type { EventRow, LogStore } from '../src/log/index.ts';
import { diffRuns } from '../src/runtime/index.ts';
import { type Figure, figureOf } from './harness/figure.ts';
import { type Case, interleave, type Interleaved, timed } from './harness/measure.ts';
import { withScratch } from './scratch.ts';

const createdAt = '2026-01-01T00:00:00Z';
const batch = 10_000;
const pasts = [1_000, 100_000, 1_000_000] as const;
const variants = ['usual', 'new field of an old object', 'an old object removed'] as const;
type Variant = (typeof variants)[number];

interface Pair {
  readonly id: string;
  readonly what: string;
  readonly left: string;
  readonly right: string;
}

export async function benchDiff(rounds: number): Promise<readonly Figure[]> {
  return withScratch(async ({ newUrl }) => {
    const store = await openStore(newUrl());
    try {
      const pairs = await fill(store);
      const found = await interleave(
        pairs.map((pair) => caseOf(store, pair)),
        rounds,
      );
      return pairs.map((pair) => lineOf(pair, found));
    } finally {
      await store.close();
    }
  });
}

async function fill(store: LogStore): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (const past of pasts) {
    await write(store, `past-${past}`, { from: 0, to: past, rowOf: pastRow });
    for (const variant of variants) pairs.push(await kin(store, { past, tail: 1_000, variant }));
  }
  pairs.push(await kin(store, { past: 100_000, tail: 50_000, variant: 'usual' }));
  const rowOf = (seq: number): EventRow => ({ ...pastRow(seq), actor: 'other' });
  await write(store, 'other', { from: 0, to: 100_000, rowOf });
  const what = 'diff, 100,000 against 100,000 events, nothing shared';
  return [...pairs, { id: 'diff/unrelated', what, left: 'past-100000', right: 'other' }];
}

interface Kin {
  readonly past: number;
  readonly tail: number;
  readonly variant: Variant;
}

async function kin(store: LogStore, { past, tail, variant }: Kin): Promise<Pair> {
  const [left = '', right = ''] = await Promise.all(
    ['left', 'right'].map(async (side) => {
      const id = `${side}-${past}-${tail}-${variant}`;
      await store.fork({ parent: `past-${past}`, atSeq: past, id, label: null, createdAt });
      const rowOf = (seq: number): EventRow => tailRow(seq, { past, side, variant });
      await write(store, id, { from: past, to: past + tail, rowOf });
      return id;
    }),
  );
  const isUsual = variant === 'usual';
  const what = `diff, ${count(tail)} against ${count(tail)} events behind ${count(past)} shared`;
  return {
    id: `diff/${tail}-behind-${past}${isUsual ? '' : `-${variant.replaceAll(' ', '-')}`}`,
    what: isUsual ? what : `${what}, ${variant}`,
    left,
    right,
  };
}

function caseOf(store: LogStore, { id, left, right }: Pair): Case {
  return { name: id, run: async () => ({ units: 1, ms: await timed(() => diffRuns(store, left, right)) }) };
}

/** Beside the same tails behind the shortest past. */
function lineOf({ id, what }: Pair, found: Interleaved): Figure {
  const shortest = 'diff/1000-behind-1000';
  const samples = found.ratios(shortest, id);
  const ratio = id.startsWith('diff/1000-') && id !== shortest ? { of: 'behind 1,000', samples } : undefined;
  return figureOf({
    id,
    what,
    unit: 'ms',
    samples: found.of(id).ms,
    ...(ratio === undefined ? {} : { ratio }),
  });
}

function count(events: number): string {
  return events.toLocaleString('en-US');
}

async function write(
  store: LogStore,
  id: string,
  {
    from,
    to,
    rowOf,
  }: { readonly from: number; readonly to: number; readonly rowOf: (seq: number) => EventRow },
): Promise<void> {
  if (from === 0) await store.create({ id, kind: 'run', label: null, createdAt });
  for (let done = from; done < to; done += batch) {
    const rows = Array.from({ length: Math.min(batch, to - done) }, (_, index) => rowOf(done + index + 1));
    await store.commit([{ logId: id, expected: done, epoch: null, events: rows }]);
  }
}

/** Every event of the past makes an object. */
function pastRow(seq: number): EventRow {
  return created(seq, seq);
}

/** Objects, patches of objects of the past, and events of one's own; what the two sides do differs. */
function tailRow(
  seq: number,
  { past, side, variant }: { readonly past: number; readonly side: string; readonly variant: Variant },
): EventRow {
  const nth = seq - past;
  if (variant === 'an old object removed' && nth === 1) {
    const id = `note#${side === 'left' ? 7 : 8}`;
    return row(seq, 'object.removed', id, { id });
  }
  if (nth % 3 === 0) return created(seq, seq);
  if (nth % 3 === 1) return row(seq, 'tick', null, { nth, side });
  const field = variant === 'new field of an old object' && nth === 2 ? 'extra' : 'score';
  const old = field === 'extra' ? null : nth % 100;
  return patched(seq, {
    target: `note#${nth === 2 ? 5 : past - ((nth * 7) % Math.min(past, 900))}`,
    field,
    old,
    side,
  });
}

function created(seq: number, number: number): EventRow {
  const id = `note#${number}`;
  const data = {
    title: `Note number ${number}`,
    body: 'What was seen, by whom, and what follows from it, in one line.',
    score: number % 100,
  };
  return row(seq, 'object.created', id, { object: { id, type: 'note', data, version: 1, provenance }, id });
}

interface PatchOf {
  readonly target: string;
  readonly field: string;
  readonly old: number | null;
  readonly side: string;
}

function patched(seq: number, { target, field, old, side }: PatchOf): EventRow {
  const value = { [field]: `${side} ${seq}` };
  const patch = {
    id: `patch_${seq}`,
    target,
    op: 'update',
    value,
    expected_version: 1,
    proposed_by: 'writer',
    rationale: '',
    evidence: [],
    status: 'applied',
    rejection_reason: null,
    provenance,
  };
  return row(seq, 'patch.applied', target, { patch, target, diff: { [field]: { old, new: value[field] } } });
}

const provenance = {
  created_by: 'writer',
  caused_by_event: 'evt_001',
  frame_id: null,
  timestamp: createdAt,
  evidence: [],
};

function row(seq: number, type: string, subject: string | null, payload: object): EventRow {
  return {
    id: `evt_${String(seq).padStart(3, '0')}`,
    type,
    payload: JSON.stringify(payload),
    actor: 'writer',
    causedBy: 'evt_001',
    frameId: null,
    timestamp: createdAt,
    subject,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}
