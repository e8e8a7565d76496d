/**
 * Decides how the rows of sessions and runs stand beside the log: a document each, as canonical JSON so that two stores hold the same
 * text, and the fields by which it is found.
 */
import { canonicalJson, isJsonObject } from '../../base/index.ts';
import { damagedStore, parseJson, type RecordFields, type StoredRecord } from '../../log/index.ts';
import { type Execution, executionFromJson, executionToJson } from '../model/execution.ts';
import { usageFields } from './usage-fields.ts';
import { type Session, sessionFromJson, sessionToJson } from '../model/session.ts';

/** The kind of the documents of sessions. */
export const sessionKind = 'session';
/** The kind of the documents of runs of agents. */
export const executionKind = 'execution';
/** What is known of a piece of data that is kept elsewhere. */
export const artifactKind = 'artifact';
/** The documents that tell of a session: they go where it goes. */
export const sessionDocumentKinds: ReadonlySet<string> = new Set([sessionKind, executionKind, artifactKind]);

/** What stands in the field `deleted` of a session that is not; behind every moment. */
export const notDeleted = 'no';

/** A row as it is to be written. */
export interface Document {
  readonly kind: typeof sessionKind | typeof executionKind;
  readonly id: string;
  readonly sessionId: string;
  readonly value: string;
  readonly fields: RecordFields;
  /** The version that its writer has read; `null` when it does not say. */
  readonly version: number | null;
}

/** The document that stands for a session beside its log. */
export function documentOfSession(session: Session): Document {
  const known = sessionFromJson(sessionToJson(session));
  const { id, metadata, deletedAt } = known;
  return {
    kind: sessionKind,
    id: sessionRecordId(id),
    sessionId: id,
    value: canonicalJson(sessionToJson(known)),
    fields: {
      session: hint(id),
      agent: hint(known.agentId),
      status: known.status,
      created: known.createdAt,
      updated: known.updatedAt,
      tag: known.tags.map(hint),
      ...(typeof metadata['provider'] === 'string' ? { provider: hint(metadata['provider']) } : {}),
      deleted: deletedAt ?? notDeleted,
    },
    version: session.version,
  };
}

/** The document that stands for a run of an agent beside its log. */
export function documentOfExecution(execution: Execution): Document {
  const known = executionFromJson(executionToJson(execution));
  const { id, sessionId, status, startedAt, provider } = known;
  const place = placeOf(sessionId, startedAt);
  return {
    kind: executionKind,
    id: executionRecordId(sessionId, id),
    sessionId,
    value: canonicalJson(executionToJson(known)),
    fields: {
      run: hint(id),
      session: hint(sessionId),
      place,
      status,
      started: startedAt,
      ...usageFields(known),
      ...(status === 'running' ? { running: place } : {}),
      ...(provider === null ? {} : { provider: hint(provider) }),
    },
    version: execution.version,
  };
}

/** Reads a session from its document. Throws when it is no such document. */
export function sessionOfRecord(record: StoredRecord): Session {
  return Object.freeze({ ...sessionFromJson(jsonOf(record)), version: record.version });
}

/** Reads a run of an agent from its document. Throws when it is no such document. */
export function executionOfRecord(record: StoredRecord): Execution {
  return Object.freeze({ ...executionFromJson(jsonOf(record)), version: record.version });
}

/** Below the id of its log, as everything that goes with it. */
export function sessionRecordId(sessionId: string): string {
  return `${sessionId}/session`;
}

/** The id of a run has no slash here: `a/b` of session `c` is not `b` of session `c/a`. */
export function executionRecordId(sessionId: string, runId: string): string {
  return `${sessionId}/${runId.replaceAll('%', '%25').replaceAll('/', '%2F')}`;
}

/** The id of the document that says whose an artifact is. */
export function artifactRecordId(sessionId: string, artifactId: string): string {
  return executionRecordId(sessionId, artifactId);
}

/** The runs of a session stand side by side, in the order in which they were made. */
export function placesOf(sessionId: string): { readonly from: string; readonly before: string } {
  return { from: `${hint(sessionId)}\u0001`, before: `${hint(sessionId)}\u0002` };
}

function placeOf(sessionId: string, startedAt: string): string {
  return `${hint(sessionId)}\u0001${startedAt}`;
}

/** What a field can hold of a text: who looks for a longer one looks for its beginning. */
export function hint(text: string): string {
  return text.slice(0, 250).toWellFormed().replaceAll('\0', '\uFFFD');
}

function jsonOf({ kind, id, value }: StoredRecord): unknown {
  try {
    const json = parseJson(value);
    if (isJsonObject(json)) return json;
  } catch {
    // Not JSON at all: said below, as for JSON that is no document.
  }
  throw damagedStore({
    location: `${kind} '${id}'`,
    whatFailed: `The document '${id}' of kind '${kind}' is not the JSON of an object.`,
    howToFix: 'Restore the store from a backup; its events are not touched by this.',
  });
}
