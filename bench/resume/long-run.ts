// What a long run looks like: notes that are made, related, patched and reviewed by two behaviors, ten events a note, with a
// moment of rest now and then. A million events leave 100,000 live objects.
import { eventIdAt } from '../../src/base/index.ts';
import type { EventRow, LogStore } from '../../src/log/index.ts';

const timestamp = '2026-01-01T00:00:00Z';
const batch = 10_000;
const eventsPerNote = 10;
const notesPerRest = 500;

export const longRunId = 'long';

/** Appends the events of places `from + 1` to `to`, as the owner of an epoch if the run ever had one. */
export async function appendLongRun(
  store: LogStore,
  { from, to, epoch }: { readonly from: number; readonly to: number; readonly epoch: number | null },
): Promise<void> {
  for (let done = from; done < to; done += batch) {
    const count = Math.min(batch, to - done);
    const events = Array.from({ length: count }, (_, index) => rowAt(done + index + 1));
    await store.commit([{ logId: longRunId, expected: done, epoch, events }]);
  }
}

function rowAt(seq: number): EventRow {
  const note = Math.floor((seq - 1) / eventsPerNote) + 1;
  const [type, payload, actor] = eventOf(note, (seq - 1) % eventsPerNote, seq);
  return {
    id: eventIdAt(seq),
    type,
    payload: JSON.stringify(payload),
    actor,
    causedBy: eventIdAt(Math.max(seq - 1, 1)),
    frameId: 'frame_001',
    timestamp,
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  };
}

function eventOf(note: number, step: number, seq: number): readonly [string, object, string] {
  const id = `note#${note}`;
  const asked = eventIdAt(seq - step);
  const made = eventIdAt(seq - step + 2);
  const proposal = patchOf(note * 2, id, { reviewed: true }, 'reviewer', made, 'proposed');
  switch (step) {
    case 0:
      return ['note.asked', { n: note, text: 'Please write down what was seen.' }, 'user'];
    case 1:
      return ['behavior.started', { behavior: 'writer', event_id: asked }, 'runtime'];
    case 2:
      return ['object.created', { object: objectOf(note, asked), id }, 'writer'];
    case 3:
      return ['relation.created', { relation: relationOf(note, asked), id: `rel_${note}` }, 'writer'];
    case 4: {
      const patch = patchOf(note * 2 - 1, id, { status: 'written' }, 'writer', asked, 'applied');
      return [
        'patch.applied',
        { patch, target: id, diff: { status: { old: null, new: 'written' } } },
        'writer',
      ];
    }
    case 5:
      return ['behavior.completed', { behavior: 'writer', event_id: asked }, 'runtime'];
    case 6:
      return ['behavior.started', { behavior: 'reviewer', event_id: made }, 'runtime'];
    case 7:
      return ['patch.proposed', { patch: proposal }, 'reviewer'];
    case 8:
      return ['behavior.completed', { behavior: 'reviewer', event_id: made }, 'runtime'];
    default:
      if (note % notesPerRest === 0) return ['runtime.idle', { snapshot: {} }, 'runtime'];
      if (note % 3 === 0)
        return ['patch.rejected', { patch_id: proposal.id, target: id, reason: 'late' }, 'reviewer'];
      return ['patch.applied', { patch: { ...proposal, status: 'applied' }, target: id, diff: {} }, 'jane'];
  }
}

function objectOf(note: number, cause: string): object {
  const data = {
    title: `Note number ${note}`,
    body: 'What was seen, by whom, and what follows from it, in one line.',
    score: note % 100,
  };
  return { id: `note#${note}`, type: 'note', data, version: 1, provenance: provenance('writer', cause) };
}

function relationOf(note: number, cause: string): object {
  return {
    id: `rel_${note}`,
    source: `note#${note}`,
    target: `note#${Math.max(1, Math.floor(note / 2))}`,
    type: 'follows',
    data: {},
    provenance: provenance('writer', cause),
  };
}

function patchOf(
  number: number,
  target: string,
  value: object,
  by: string,
  cause: string,
  status: string,
): { readonly id: string } {
  return {
    id: `patch_${number}`,
    ...{ target, op: 'update', value, expected_version: 1, proposed_by: by, rationale: '', evidence: [] },
    ...{ status, rejection_reason: null, provenance: provenance(by, cause) },
  };
}

function provenance(by: string, cause: string): object {
  return { created_by: by, caused_by_event: cause, frame_id: 'frame_001', timestamp, evidence: [] };
}
