// The samples of the errors of layouts: see error-samples.ts.
import * as schema from '../src/schema/errors.ts';
import type { ErrorPage } from './error-page.ts';

export const schemaErrorPages: Readonly<Record<string, ErrorPage>> = {
  MalformedMigrationError: {
    meaning:
      'A file of a layout is not written in the annotation format of goose. The line is in `context.line`.',
    sample: () =>
      schema.malformedMigration({
        file: '00003_tags.sql',
        line: 7,
        problem: 'the last statement does not end with a semicolon',
      }),
  },
  MigrationHistoryError: {
    meaning:
      'What was applied to a database does not fit the files: it is newer, a file was changed since, or one was left out. `context.problem` says which.',
    sample: () =>
      schema.migrationHistory({
        location: '/data/run.db',
        problem: 'newer',
        version: 3,
        file: null,
        newest: 2,
      }),
  },
  MigrationFailedError: {
    meaning: 'A statement of a layout failed. What the database said is the cause.',
    sample: () =>
      schema.migrationFailed({
        location: '/data/run.db',
        file: '00003_tags.sql',
        number: 2,
        statement: 'CREATE INDEX tags_by_name ON tags (name);',
        isTransactional: true,
        cause: new Error('no such table: tags'),
      }),
  },
};
