/** Decides what a graph change is before it is history: an event without place and time, and the counters that named what it made. */
import { counterOf, type JsonObject } from '../base/index.ts';
import { commitLimits, intakePayload, InvalidEventError } from '../log/index.ts';

/** An event to be. Whoever appends it gives it a place, an id and a time. */
export interface Draft {
  readonly type: string;
  readonly payload: JsonObject;
  /** The text of `payload`, as it will be stored. */
  readonly text: string;
  readonly actor: string;
  readonly causedBy: string | null;
  readonly subject: string | null;
}

/** Makes an event that has no id, number or time yet. */
export function draft(fields: {
  readonly type: string;
  readonly payload: unknown;
  readonly actor: string;
  readonly causedBy: string | null;
  readonly subject?: string | null;
}): Draft {
  checkName('type', fields.type);
  checkName('actor', fields.actor);
  if (fields.causedBy !== null) checkName('cause', fields.causedBy);
  if (fields.subject !== undefined && fields.subject !== null) checkName('subject', fields.subject);
  const taken = intakePayload(fields.payload);
  return {
    ...blank,
    type: fields.type,
    payload: taken.value,
    text: taken.text,
    actor: fields.actor,
    causedBy: fields.causedBy,
    subject: fields.subject ?? null,
  };
}

/** A draft is a copy of this one, for the sake of the collector: decision 2026-11-22, what a tick costs. */
const blank: Draft = { type: '', payload: {}, text: '', actor: '', causedBy: null, subject: null };

/** What a store would refuse is refused here, where the caller can still mend it: later it would cost the whole batch. */
export function checkName(field: string, text: string): void {
  const { idCharacters } = commitLimits;
  const isText = typeof text === 'string' && text.length > 0 && text.length <= idCharacters;
  if (isText && text.isWellFormed() && !text.includes('\0')) return;
  throw new InvalidEventError({
    summary: `the ${field} of an event is refused`,
    whatFailed: `An event was to be written whose ${field} is empty, too long, or no well-formed text.`,
    why: 'What is written has to fit every store, so that a run can move between them unchanged.',
    howToFix: `Use 1 to ${idCharacters} well-formed characters without U+0000.`,
    context: { field, characters: typeof text === 'string' ? text.length : 0 },
  });
}

/** The highest number drawn so far of each kind of id. Objects of all types share one. */
export interface Counters {
  object: number;
  relation: number;
  patch: number;
  approval: number;
}

/** The counters of ids before the first event. */
export function zeroCounters(): Counters {
  return { object: 0, relation: 0, patch: 0, approval: 0 };
}

/** Raises the counters to what an event shows to be drawn. */
export function countEvent(counters: Counters, type: string, payload: JsonObject): void {
  switch (type) {
    case 'object.created':
      raise(counters, 'object', payload['id']);
      return;
    case 'relation.created':
      raise(counters, 'relation', payload['id']);
      return;
    case 'patch.proposed':
    case 'patch.applied':
    case 'patch.rejected': {
      const patch = payload['patch'];
      const id =
        typeof patch === 'object' && patch !== null && 'id' in patch ? patch.id : payload['patch_id'];
      raise(counters, 'patch', id);
      return;
    }
    case 'approval.proposed':
      raise(counters, 'approval', payload['approval_id']);
      return;
  }
}

function raise(counters: Counters, kind: keyof Counters, id: unknown): void {
  if (typeof id === 'string') counters[kind] = Math.max(counters[kind], counterOf(id));
}
