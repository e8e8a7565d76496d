/**
 * Decides what no store takes, whatever it holds: batches and texts beyond the limits of the port. Asked before anything is
 * looked up, so that a refusal here is the same in every store.
 */
import { checkCall } from './call-forms.ts';
import { invalidEvent } from '../errors.ts';
import type { EventRow } from '../event.ts';
import { commitLimits, type NewLog, type SessionPart } from '../port.ts';
import { type RecordFields, type RecordWrite } from '../records/record.ts';
import { fieldPairs } from '../records/record-fields.ts';

const textLimit = `ids, types and actors of 1 to ${commitLimits.idCharacters} well-formed characters without U+0000`;

/** Refuses a commit that is too large, and texts that some store could not give back as they were. */
export function checkShape(parts: readonly SessionPart[], records: readonly RecordWrite[] = []): void {
  if (!isCommit(parts, records)) checkCall('commit', parts, records);
  let events = 0;
  let characters = 0;
  for (const part of parts) {
    events += part.events.length;
    if (events > commitLimits.events) throw tooLarge(part.logId, { events, characters });
    checkName(part.logId, 'the id of a run', part.logId);
    if (part.log !== undefined) checkNewLog(part.log);
    let before: EventRow | undefined;
    for (const event of part.events) {
      if (!isFit(event, before)) {
        checkCall('commit', parts, records);
        throw unfit(part.logId, event);
      }
      characters += event.payload.length + (event.metadata?.length ?? 0);
      before = event;
    }
    if (characters > commitLimits.characters) throw tooLarge(part.logId, { events, characters });
  }
  for (const { kind, id, value, fields } of records) {
    characters += value?.length ?? 0;
    checkName(id, 'the kind of a record', kind);
    checkName(id, 'the id of a record', id);
    if (value !== null && !isText(value)) {
      throw invalidEvent({
        logId: id,
        what: 'the value of a record',
        limit: 'well-formed text without U+0000',
      });
    }
    if (characters > commitLimits.characters) throw tooLarge(id, { events, characters });
    if (fields !== undefined) checkFields(id, fields);
  }
}

const fieldLimits = { nameCharacters: 64, valueCharacters: 300 } as const;

function checkFields(recordId: string, fields: RecordFields): void {
  for (const [field, value] of fieldPairs(fields)) {
    const isFit =
      isName(field) &&
      field.length <= fieldLimits.nameCharacters &&
      isText(value) &&
      value.length <= fieldLimits.valueCharacters;
    if (isFit) continue;
    throw invalidEvent({
      logId: recordId,
      what: `the field '${field.slice(0, 80)}' of a record`,
      limit: `names of 1 to ${fieldLimits.nameCharacters} and values of at most ${fieldLimits.valueCharacters} well-formed characters without U+0000`,
    });
  }
}

/** Refuses names under which a log could not be found again in every store. */
export function checkNewLog(log: {
  readonly id: string;
  readonly label: string | null;
  readonly createdAt: string;
}): void {
  checkName(log.id, 'the id of a run', log.id);
  checkName(log.id, 'the time of creation of a run', log.createdAt);
  if (log.label !== null && (!isText(log.label) || log.label.length > commitLimits.labelCharacters)) {
    const limit = `labels of at most ${commitLimits.labelCharacters} well-formed characters without U+0000`;
    throw invalidEvent({ logId: log.id, what: 'the label of a run', limit });
  }
}

/** What callers without types may hand in. True says no more than that texts can be looked for in it; it stands on the path of every commit. */
function isCommit(parts: unknown, records: unknown): boolean {
  return Array.isArray(parts) && Array.isArray(records) && parts.every(isPart) && records.every(isRecord);
}

function isPart(part: SessionPart | null | undefined): boolean {
  return (
    typeof part?.logId === 'string' &&
    Array.isArray(part.events) &&
    isNumberOrAny(part.expected) &&
    (part.epoch === null || typeof part.epoch === 'number') &&
    (part.log === undefined || isLog(part.log))
  );
}

function isRecord(record: RecordWrite | null | undefined): boolean {
  return (
    typeof record?.kind === 'string' &&
    typeof record.id === 'string' &&
    isNumberOrAny(record.expectedVersion) &&
    (record.fields === undefined || isObject(record.fields))
  );
}

function isNumberOrAny(value: unknown): boolean {
  return typeof value === 'number' || value === 'any';
}

function isLog(log: NewLog | null): boolean {
  const isKind = log?.kind === 'run' || log?.kind === 'session';
  return isKind && typeof log.id === 'string' && typeof log.createdAt === 'string';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(text: unknown): boolean {
  return typeof text === 'string' && !text.includes('\0') && text.isWellFormed();
}

function isName(text: unknown): boolean {
  return (
    typeof text === 'string' &&
    text.length > 0 &&
    text.length <= commitLimits.idCharacters &&
    !text.includes('\0') &&
    text.isWellFormed()
  );
}

function isNameOrNull(text: unknown): boolean {
  return text === null || isName(text);
}

function checkName(logId: string, what: string, text: string): void {
  if (isName(text)) return;
  throw invalidEvent({ logId, what, limit: textLimit, context: { characters: text.length } });
}

/**
 * One expression, because it stands on the path of every event. `unfit` finds out which part of it was false. `before` was fit: what an
 * event says as the one before it did is not looked at again, which is most of it.
 */
function isFit(event: EventRow, before: EventRow | undefined): boolean {
  const isNext = before !== undefined;
  return (
    isObject(event) &&
    isName(event.id) &&
    ((isNext && event.type === before.type) || isName(event.type)) &&
    ((isNext && event.timestamp === before.timestamp) || isName(event.timestamp)) &&
    ((isNext && event.actor === before.actor) || isNameOrNull(event.actor)) &&
    ((isNext && event.causedBy === before.causedBy) || isNameOrNull(event.causedBy)) &&
    ((isNext && event.frameId === before.frameId) || isNameOrNull(event.frameId)) &&
    isNameOrNull(event.subject) &&
    ((isNext && event.runId === before.runId) || isNameOrNull(event.runId)) &&
    ((isNext && event.provider === before.provider) || isNameOrNull(event.provider)) &&
    isNameOrNull(event.correlationId) &&
    isText(event.payload) &&
    (event.metadata === null || isText(event.metadata)) &&
    (event.schemaVersion === null || Number.isSafeInteger(event.schemaVersion))
  );
}

const nameFields = [
  'id',
  'type',
  'timestamp',
  'actor',
  'causedBy',
  'frameId',
  'subject',
  'runId',
  'provider',
  'correlationId',
] as const;

function unfit(logId: string, event: EventRow): Error {
  const field = nameFields.find((name) => !isNameOrNull(event[name]));
  if (field !== undefined) {
    const characters = event[field]?.length ?? 0;
    return invalidEvent({
      logId,
      what: `the ${field} of an event`,
      limit: textLimit,
      context: { field, characters },
    });
  }
  if (isText(event.payload) && (event.metadata === null || isText(event.metadata))) {
    return invalidEvent({ logId, what: `the schema version of event '${event.id}'`, limit: 'whole numbers' });
  }
  return invalidEvent({
    logId,
    what: `the payload of event '${event.id}'`,
    limit: 'well-formed text without U+0000 (JSON escapes both)',
  });
}

function tooLarge(logId: string, found: { readonly events: number; readonly characters: number }): Error {
  return invalidEvent({
    logId,
    what: `a batch of more than ${commitLimits.events} events or ${commitLimits.characters} characters`,
    limit: `${commitLimits.events} events and ${commitLimits.characters} characters of payload a commit`,
    context: { ...found },
  });
}
