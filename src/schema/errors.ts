/** Decides what is said when a layout cannot be brought forward: the catalogue of the room. */
import { errorClass, StorageError, type StructuredError } from '../base/index.ts';

/** A file of a migration is not in goose's annotation format. */
export const MalformedMigrationError = errorClass('MalformedMigrationError', StorageError, SyntaxError);

/** What was applied to a database does not fit the files; `context.problem` says how. */
export const MigrationHistoryError = errorClass('MigrationHistoryError', StorageError);

/** A statement of a migration failed; the error of the database is the cause. */
export const MigrationFailedError = errorClass('MigrationFailedError', StorageError);

/** `newer`: a version that no file has. `changed`: a file is another one now. `out-of-order`: one in between is missing. */
export type HistoryProblem = 'newer' | 'changed' | 'out-of-order';

export function malformedMigration(data: {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
}): StructuredError {
  const { file, line, problem } = data;
  return new MalformedMigrationError({
    summary: `${file}:${line}: ${problem}`,
    whatFailed: `The migration ${file} cannot be read: in line ${line}, ${problem}.`,
    why: 'A file that is half understood would change a database halfway.',
    howToFix:
      'Write `-- +goose Up` before the statements, end each with a semicolon at the end of a line, and put what holds semicolons between `-- +goose StatementBegin` and `-- +goose StatementEnd`.',
    context: { file, line },
  });
}

export function migrationHistory(data: {
  readonly location: string;
  readonly problem: HistoryProblem;
  readonly version: number;
  readonly file: string | null;
  readonly newest: number;
}): StructuredError {
  const { location, problem, version, file, newest } = data;
  const name = file ?? `version ${version}`;
  const told = {
    newer: `version ${version} was applied, and the newest file is ${newest}`,
    changed: `${name} was changed after it had been applied`,
    'out-of-order': `${name} was not applied, and later files were`,
  }[problem];
  const howToFix = {
    newer: 'Use the newer program that applied it: in its clone, `git pull`, then `./dev build`.',
    changed: `Put ${name} back as it was (\`npm ci\` restores a damaged installation), and make the change in a file of its own.`,
    'out-of-order':
      'Restore a backup from before the later files were applied, or give the file the next number.',
  }[problem];
  return new MigrationHistoryError({
    summary: `${location}: ${told}`,
    whatFailed: `The database was not changed: ${told}.`,
    why: 'Files are applied in order, once, and never again: what was applied has to be what the files say.',
    howToFix,
    context: { location, problem, version, newest },
  });
}

export function migrationFailed(data: {
  readonly location: string;
  readonly file: string;
  readonly number: number;
  readonly statement: string;
  readonly isTransactional: boolean;
  readonly cause: unknown;
}): StructuredError {
  const { location, file, number, statement, isTransactional, cause } = data;
  const message = cause instanceof Error ? cause.message : String(cause);
  const left = isTransactional
    ? 'Nothing of this file was applied.'
    : 'The file asked for no transaction: what stands before this statement was applied.';
  return new MigrationFailedError({
    summary: `${location}: statement ${number} of ${file} failed: ${message}`,
    whatFailed: `Statement ${number} of ${file} failed: ${message}. ${left}`,
    why: 'A layout between two versions is none that any program knows.',
    howToFix:
      'Mend what the database complains about, and run the same command again: it goes on at this file.',
    context: { location, file, number, statement: statement.slice(0, 200) },
    cause,
  });
}
