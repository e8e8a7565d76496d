// The samples of the errors of a legacy home that cannot be migrated: see error-samples.ts.
import { migrationRefused, registryUnreadable } from '../src/migrate/ao/errors.ts';
import type { ErrorPage } from './error-page.ts';

export const aoErrorPages: Readonly<Record<string, ErrorPage>> = {
  AoMigrationRefused: {
    meaning:
      'A legacy home of the Agent Orchestrator was not migrated, and nothing was written. `context.refusal` is the code of the contract; [the guide](../guides/migrate-from-the-legacy-ao.md) lists them.',
    sample: () =>
      migrationRefused({
        code: 'DAEMON_RUNNING',
        whatFailed: 'The daemon of the rewrite runs as process 4711 (/home/jane/.ao/running.json).',
        howToFix:
          'Stop it and run the command again. If process 4711 is another program, remove /home/jane/.ao/running.json.',
      }),
  },
  LegacyRegistryError: {
    meaning: 'The list of projects of the legacy Agent Orchestrator cannot be read.',
    sample: () =>
      registryUnreadable({
        path: '/home/jane/.agent-orchestrator/config.yaml',
        problem: 'line 3, column 5: Nested mappings are not allowed in compact mappings',
      }),
  },
};
