/** Events of the graph are projected in the order of the log, whichever of them were kept and whichever are read again. */
import * as fc from 'fast-check';
import { eventIdAt } from '../base/index.ts';
import { DamagedHistoryError, type StoredEvent } from '../log/index.ts';
import { expect, it } from 'vitest';
import { DeferredEvents } from './deferred-events.ts';
import { Tables } from './state.ts';

const nobody = {
  ...{ actor: null, causedBy: null, frameId: null, timestamp: '', subject: null },
  ...{ runId: null, provider: null, correlationId: null, schemaVersion: null, metadata: null, hash: null },
};

/** An event that makes an object of its own, or one that says nothing of the graph. */
function eventAt(seq: number, makes: boolean): StoredEvent {
  const id = `note#${seq}`;
  const object = { id, type: 'note', data: { seq }, version: 1, provenance: {} };
  const payload = JSON.stringify(makes ? { object, id } : { seq });
  return { ...nobody, seq, id: eventIdAt(seq), type: makes ? 'object.created' : 'tick', payload };
}

interface Case {
  readonly makes: boolean;
  /** Its text was read. */
  readonly isRead: boolean;
  /** So many of those that wait are projected before the next one comes. */
  readonly projects: number;
}

const someEvents = fc.array(
  fc.record({ makes: fc.boolean(), isRead: fc.boolean(), projects: fc.constantFrom(0, 0, 0, 1, 9) }),
  { maxLength: 60 },
);

/** A log with holes in what says something of the graph, some of them longer than what is read again at once. */
function logOf(cases: readonly Case[], farApart: boolean): readonly StoredEvent[] {
  return cases.map(({ makes }, index) => eventAt(1 + index * (farApart ? 400 : 1), makes));
}

it('projects each event once, in the order of the log', () => {
  fc.assert(
    fc.property(
      someEvents,
      fc.boolean(),
      fc.nat(2000),
      fc.integer({ min: 1, max: 9 }),
      (cases, far, kept, step) => {
        const log = logOf(cases, far);
        const asked: number[] = [];
        const read = (after: number, before: number, count: number): readonly StoredEvent[] => {
          asked.push(count);
          return log.filter(({ seq, type }) => seq > after && seq < before && type === 'object.created');
        };
        const deferred = new DeferredEvents('run', read, kept);
        const tables = new Tables();
        let size = 0;
        for (const [index, stored] of log.entries()) {
          deferred.add(cases[index]?.isRead === true ? stored : { ...stored, payload: '' });
          const before = deferred.size;
          deferred.projectInto(tables, cases[index]?.projects ?? 0, false, () => undefined);
          size += before - deferred.size;
        }
        const made = log.filter(({ type }) => type === 'object.created');
        size += deferred.size;
        while (deferred.size > 0) deferred.projectInto(tables, step, false, () => undefined);
        expect(size).toBe(made.length);
        expect([...tables.objects()].map(({ id }) => id)).toEqual(made.map(({ seq }) => `note#${seq}`));
        const texts = made.filter((stored) => cases[log.indexOf(stored)]?.isRead === true);
        if (texts.reduce((sum, { payload }) => sum + payload.length, 0) <= kept)
          expect(asked.reduce((sum, count) => sum + count, 0)).toBe(made.length - texts.length);
      },
    ),
    { numRuns: 300 },
  );
});

it('keeps no more texts than it may, and reads the others again', () => {
  const log = Array.from({ length: 10 }, (_, index) => eventAt(index + 1, true));
  const kept = (log[0]?.payload.length ?? 0) * 3;
  const asked: (readonly number[])[] = [];
  const deferred = new DeferredEvents(
    'run',
    (after, before, count) => {
      asked.push([after, before, count]);
      return log.slice(after, before - 1);
    },
    kept,
  );
  for (const stored of log) deferred.add(stored);
  deferred.projectInto(new Tables(), 100, false, () => undefined);
  expect(asked).toEqual([[3, 11, 7]]);
});

it.each([
  ['none', []],
  ['too few', [1, 2]],
  ['too many', [1, 2, 3, 4]],
] as const)('says that history is damaged when %s are read again', (_, seqs) => {
  const deferred = new DeferredEvents('run', () => seqs.map((seq) => eventAt(seq, true)));
  for (const seq of [1, 2, 3]) deferred.add({ ...eventAt(seq, true), payload: '' });
  const tables = new Tables();
  const projecting = (): void => deferred.projectInto(tables, 1, false, () => undefined);
  expect(projecting).toThrow(DamagedHistoryError);
  expect(projecting).toThrow(DamagedHistoryError);
  expect(deferred.size).toBe(3);
});
