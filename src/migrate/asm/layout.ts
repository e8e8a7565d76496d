/**
 * Decides what makes a database one of agent_session_manager, and which of its layouts: the tables `asm_*` with the columns that a
 * session cannot do without. Recognised by content, never by a file's name; the tables of the program around them do not matter.
 */
import type { MigrationDatabase } from '../../schema/index.ts';
import { type Columns, columnsOf, type Dialect } from '../table-columns.ts';

const needed = {
  asm_sessions: ['id', 'agent_id', 'status', 'created_at', 'updated_at'],
  asm_runs: ['id', 'session_id', 'status', 'started_at'],
  asm_events: ['id', 'type', 'timestamp', 'session_id', 'sequence_number', 'data'],
  asm_session_sequences: [],
  asm_artifacts: [],
} as const;

export type AsmTable = keyof typeof needed;
const tableNames = [
  'asm_sessions',
  'asm_runs',
  'asm_events',
  'asm_session_sequences',
  'asm_artifacts',
] as const;

/** What version 0.8 added; a database may have some of it. */
const later: readonly (readonly [table: AsmTable, column: string])[] = [
  ['asm_sessions', 'deleted_at'],
  ['asm_runs', 'provider'],
  ['asm_runs', 'provider_metadata'],
  ['asm_runs', 'cost_usd'],
  ['asm_events', 'provider'],
  ['asm_events', 'correlation_id'],
  ['asm_artifacts', 'id'],
];

export interface AsmLayout {
  readonly dialect: Dialect;
  /** Of each table; none for a table that is not there. */
  readonly columns: Readonly<Record<AsmTable, Columns>>;
  /** `table.column` of what a session cannot do without; nothing for a database that can be read. */
  readonly missing: readonly string[];
  /** `table.column` of what version 0.8 has and this database does not. */
  readonly older: readonly string[];
}

/** `null` for a database of anything else. Reads only. */
export async function asmLayout(database: MigrationDatabase, dialect: Dialect): Promise<AsmLayout | null> {
  const columns: Record<AsmTable, Columns> = {
    asm_sessions: await columnsOf(database, dialect, 'asm_sessions'),
    asm_runs: await columnsOf(database, dialect, 'asm_runs'),
    asm_events: await columnsOf(database, dialect, 'asm_events'),
    asm_session_sequences: await columnsOf(database, dialect, 'asm_session_sequences'),
    asm_artifacts: await columnsOf(database, dialect, 'asm_artifacts'),
  };
  if (columns.asm_sessions.size === 0 || columns.asm_events.size === 0) return null;
  const lacks = ([table, column]: readonly [AsmTable, string]): boolean => !columns[table].has(column);
  const nameOf = ([table, column]: readonly [AsmTable, string]): string => `${table}.${column}`;
  const required = tableNames.flatMap((table) => needed[table].map((column) => [table, column] as const));
  return {
    dialect,
    columns,
    missing: required.filter(lacks).map(nameOf),
    older: later.filter(lacks).map(nameOf),
  };
}
