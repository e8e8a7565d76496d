/** Decides how a migration is written: a numbered text in goose's annotation format, known by the hash of its whole text. */
import type { Sha256 } from '../base/index.ts';
import { malformedMigration } from './errors.ts';
import { annotationOf, type SectionLine, splitStatements } from './split-statements.ts';

/** A step of a layout: its statements, and the checksum of its file. */
export interface Migration {
  /** The number in front of the file's name. */
  readonly version: number;
  readonly file: string;
  /** What is to be done, in order. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** False when the file says `-- +goose NO TRANSACTION`: two processes at once may both run it, so it has to bear that. */
  readonly isTransactional: boolean;
  /** SHA-256 of the whole text, in hex. */
  readonly checksum: string;
}

/**
 * Files by name, in the order of their numbers. Throws `MalformedMigrationError` for a name. The text of a file is read when something of it
 * is asked for, and throws then: whoever opens a store asks for the newest number and no more.
 */
export function parseMigrations(
  files: Readonly<Record<string, string>>,
  sha256: Sha256,
): readonly Migration[] {
  const migrations = Object.entries(files)
    .map(([file, text]) => migrationOf(file, text, sha256))
    .sort((left, right) => left.version - right.version);
  migrations.forEach(({ version, file }, index) => {
    const before = migrations[index - 1];
    if (before?.version === version)
      throw malformedMigration({ file, line: 1, problem: `${before.file} has the same number` });
  });
  return migrations;
}

/** Reads `0001_name.sql`. Throws `MalformedMigrationError` with the line. */
export function parseMigration(file: string, text: string, sha256: Sha256): Migration {
  return { ...migrationOf(file, text, sha256) };
}

function migrationOf(file: string, text: string, sha256: Sha256): Migration {
  const version = Number(/^(\d+)_[^/]*\.sql$/.exec(file.split('/').at(-1) ?? '')?.[1] ?? 0);
  if (!Number.isSafeInteger(version) || version < 1)
    throw malformedMigration({
      file,
      line: 1,
      problem: 'its name is not a number, an underscore, a word and .sql',
    });
  let steps: Steps | undefined;
  let checksum: string | undefined;
  const read = (): Steps => (steps ??= stepsOf(file, text));
  return {
    version,
    file,
    get up() {
      return read().up;
    },
    get down() {
      return read().down;
    },
    get isTransactional() {
      return read().isTransactional;
    },
    get checksum() {
      return (checksum ??= sha256(text));
    },
  };
}

type Steps = Pick<Migration, 'up' | 'down' | 'isTransactional'>;

function stepsOf(file: string, text: string): Steps {
  const { up, down, isTransactional } = sectionsOf(file, text);
  return { up: statementsOf(file, up), down: statementsOf(file, down), isTransactional };
}

interface Sections {
  readonly up: readonly SectionLine[];
  readonly down: readonly SectionLine[];
  readonly isTransactional: boolean;
}

function sectionsOf(file: string, text: string): Sections {
  const sections: Record<'up' | 'down', SectionLine[]> = { up: [], down: [] };
  let current: SectionLine[] | null = null;
  let isTransactional = true;
  let isUpSeen = false;
  const lines = text.split(/\r?\n/).map((line, index) => ({ text: line, number: index + 1 }));
  for (const line of lines) {
    const annotation = annotationOf(line.text);
    const wrong = (problem: string): Error => malformedMigration({ file, line: line.number, problem });
    if (annotation === 'Up') {
      if (isUpSeen) throw wrong('Up stands there twice');
      isUpSeen = true;
      current = sections.up;
    } else if (annotation === 'Down') {
      if (!isUpSeen || current === sections.down) throw wrong('Down stands before Up, or twice');
      current = sections.down;
    } else if (annotation === 'NO TRANSACTION') {
      isTransactional = false;
    } else if (annotation !== null && !annotation.startsWith('Statement')) {
      throw wrong(`'+goose ${annotation}' is not known`);
    } else if (current !== null) {
      current.push(line);
    } else if (line.text.trim() !== '' && !line.text.trim().startsWith('--')) {
      throw wrong('something stands before `-- +goose Up`');
    }
  }
  if (!isUpSeen) throw malformedMigration({ file, line: 1, problem: 'it has no `-- +goose Up`' });
  return { ...sections, isTransactional };
}

function statementsOf(file: string, lines: readonly SectionLine[]): readonly string[] {
  const { statements, problem } = splitStatements(lines);
  if (problem !== null) throw malformedMigration({ file, line: problem.line, problem: problem.what });
  return statements;
}
