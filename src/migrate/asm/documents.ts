/**
 * Decides how the rows beside the events of agent_session_manager become documents: sessions and runs as the session store writes
 * them, rows of artifacts with the fields that they have.
 */
import { canonicalJson, isStructuredError, type JsonObject, type JsonValue } from '../../base/index.ts';
import { intake, parseJson, type RecordFields } from '../../log/index.ts';
import {
  artifactKind,
  artifactRecordId,
  documentOfExecution,
  documentOfSession,
  executionFromJson,
  sessionFromJson,
} from '../../sessions/index.ts';
import type { SourceRecord } from '../source.ts';
import { momentOf } from './moment.ts';
import { artifactColumns, runColumns, sessionColumns } from './selects.ts';

type Row = readonly unknown[];

export function sessionRecord(row: Row): SourceRecord {
  return recordOf('session', row, () => {
    const { id, kind, value, fields } = documentOfSession(sessionFromJson(jsonOf(sessionColumns, row)));
    return { id, kind, value, fields };
  });
}

export function runRecord(row: Row): SourceRecord {
  return recordOf('run', row, () => {
    const { id, kind, value, fields } = documentOfExecution(executionFromJson(jsonOf(runColumns, row)));
    return { id, kind, value, fields };
  });
}

export function artifactRecord(row: Row): SourceRecord {
  return recordOf('artifact', row, () => {
    const json = jsonOf(artifactColumns, row);
    const cell = (name: (typeof artifactColumns)[number]): string =>
      String(row[artifactColumns.indexOf(name)]);
    return {
      kind: artifactKind,
      id: artifactRecordId(cell('session_id'), cell('id')),
      value: canonicalJson(json),
      fields: { key: cell('key').slice(0, 250), created: momentOf(cell('created_at')) ?? cell('created_at') },
    };
  });
}

interface Written {
  readonly kind: string;
  readonly id: string;
  readonly value: string;
  readonly fields: RecordFields;
}

function recordOf(what: string, row: Row, make: () => Written): SourceRecord {
  try {
    return { ok: true, record: { ...make(), version: 1 } };
  } catch (error) {
    if (!isStructuredError(error) && !(error instanceof SyntaxError)) throw error;
    const why = isStructuredError(error) ? error.summary : `it is not JSON: ${error.message}`;
    return { ok: false, id: `${what} ${String(row[0])}`, why };
  }
}

const documents = new Set([
  'metadata',
  'context',
  'tags',
  'input',
  'output',
  'error',
  'token_usage',
  'provider_metadata',
]);
const numbers = new Set(['turn_count', 'cost_usd', 'byte_size']);

/** What is not there is left out, so that whoever reads it takes what stands for nothing. Throws `SyntaxError`. */
function jsonOf(names: readonly string[], row: Row): JsonObject {
  const entries = names.flatMap((name, index): (readonly [string, JsonValue])[] => {
    const value = row[index];
    return value === null || value === undefined ? [] : [[name, cellOf(name, value)]];
  });
  return Object.fromEntries(entries);
}

function cellOf(name: string, value: unknown): JsonValue {
  if (documents.has(name)) return intake(parseJson(String(value))).value;
  if (numbers.has(name)) return Number(value);
  if (name.endsWith('_at')) return momentOf(value) ?? String(value);
  return String(value);
}
