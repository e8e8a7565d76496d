/** Decides how the layout of a store is told: which files it has, which are to come, and what an upgrade did or would do. */
import type { JsonObject } from '../../base/index.ts';
import { clean } from '../text/printable.ts';

/** One file of a layout, and how a store stands to it. */
export interface SchemaFile {
  readonly version: number;
  readonly file: string | null;
  readonly state: string;
  readonly appliedAt: string | null;
}

/** What an upgrade did, or would do. */
export interface SchemaUpgrade {
  readonly from: number;
  readonly to: number;
  readonly applied: readonly { readonly file: string; readonly up: readonly string[] }[];
}

/** The lines that a person reads of the layout of a store. */
export function schemaStatusText(files: readonly SchemaFile[]): readonly string[] {
  return files.map(({ version, file, state, appliedAt }) => {
    const name = clean(file ?? `version ${version}, of a newer runlog`);
    return `${state.padEnd(8)} ${name}${appliedAt === null ? '' : `  (${clean(appliedAt)})`}`;
  });
}

/** What `--json` prints of the layout of a store. */
export function schemaStatusToJson(files: readonly SchemaFile[]): readonly JsonObject[] {
  return files.map(({ version, file, state, appliedAt }) => ({
    version,
    file,
    state,
    applied_at: appliedAt,
  }));
}

/** The lines that a person reads of an upgrade of a layout. */
export function schemaUpgradeText(upgrade: SchemaUpgrade, isDryRun: boolean): readonly string[] {
  const { from, to, applied } = upgrade;
  if (applied.length === 0) return [`The store has the newest layout, version ${to}. Nothing to do.`];
  if (!isDryRun) {
    const files = applied.map(({ file }) => `applied  ${clean(file)}`);
    return [...files, `The store is at version ${to} now; it was at ${from}.`];
  }
  const statements = applied.flatMap(({ file, up }) => [
    `-- ${file}`,
    ...up.flatMap((statement) => statement.split('\n').map((line) => clean(line))),
    '',
  ]);
  return [...statements, `From version ${from} to ${to}. Nothing was changed: this was a dry run.`];
}

/** What `--json` prints of an upgrade of a layout. */
export function schemaUpgradeToJson(upgrade: SchemaUpgrade, isDryRun: boolean): JsonObject {
  const { from, to, applied } = upgrade;
  return {
    dry_run: isDryRun,
    from_version: from,
    to_version: to,
    applied: applied.map(({ file, up }) => ({ file, statements: [...up] })),
  };
}
