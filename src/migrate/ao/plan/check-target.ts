/** Decides whether rows may go into a database, by what it says of its own layout. */
import type { Refusal } from '../errors.ts';
import type { ColumnLook, SchemaLook } from '../target/target-port.ts';
import { aoSchema } from '../target/target-schema.ts';

/** Every column that an insert of this product names. */
export const filledColumns = {
  projects: [
    'id',
    'path',
    'repo_origin_url',
    'display_name',
    'registered_at',
    'archived_at',
    'config',
    'kind',
  ],
  sessions: [
    'id',
    'project_id',
    'num',
    'kind',
    'harness',
    'activity_state',
    'activity_last_at',
    'is_terminated',
    'branch',
    'workspace_path',
    'runtime_handle_id',
    'agent_session_id',
    'prompt',
    'display_name',
    'first_signal_at',
    'created_at',
    'updated_at',
  ],
} as const;

export function schemaVersion({ applied }: SchemaLook): number {
  return Math.max(0, ...applied);
}

/** `null` when nothing stands against it. */
export function checkSchema(schema: SchemaLook, database: string): Refusal | null {
  const version = schemaVersion(schema);
  if (schema.applied.length === 0)
    return {
      code: 'SCHEMA_TOO_OLD',
      whatFailed: `${database} has no list of versions (layout v0), and v${aoSchema.version} is needed.`,
      howToFix:
        'If the rewrite made it, update the rewrite, start its daemon once and stop it, then run the same command again. If it belongs to another program, name the folder of the rewrite in AO_DATA_DIR.',
    };
  if (version < aoSchema.version)
    return {
      code: 'SCHEMA_TOO_OLD',
      whatFailed: `${database} has the layout v${version}, and v${aoSchema.version} is needed.`,
      howToFix: 'Update the rewrite, start its daemon once and stop it, then run the same command again.',
    };
  const problem = missingVersion(schema) ?? missingColumn(schema) ?? unfilledColumn(schema);
  if (problem === null) return null;
  return {
    code: 'SCHEMA_UNRECOGNISED',
    whatFailed: `${database} has a layout that is not known: ${problem}.`,
    howToFix:
      'Use a newer ao-migrate: in the clone of runlog, `git pull`, then `./dev build`. The database was not changed.',
  };
}

function missingVersion({ applied }: SchemaLook): string | null {
  const missing = Array.from({ length: aoSchema.version }, (_, index) => index + 1).filter(
    (version) => !applied.includes(version),
  );
  return missing.length === 0 ? null : `its list of versions lacks ${missing.join(', ')}`;
}

function eachTable<Found>(
  schema: SchemaLook,
  find: (table: 'projects' | 'sessions', columns: readonly ColumnLook[]) => Found | null,
): Found | null {
  return find('projects', schema.projects) ?? find('sessions', schema.sessions);
}

function missingColumn(schema: SchemaLook): string | null {
  return eachTable(schema, (table, columns) => {
    const missing = filledColumns[table].find((name) => !columns.some((column) => column.name === name));
    return missing === undefined ? null : `the table ${table} has no column ${missing}`;
  });
}

function unfilledColumn(schema: SchemaLook): string | null {
  return eachTable(schema, (table, columns) => {
    const filled: readonly string[] = filledColumns[table];
    const unfilled = columns.find(({ name, isNeeded }) => isNeeded && !filled.includes(name));
    return unfilled === undefined ? null : `${table}.${unfilled.name} needs a value that is not known here`;
  });
}
