// The samples of the errors of a legacy home that cannot be migrated: see error-samples.ts.
import { migrationRefused, registryUnreadable, transcriptUnreadable } from '../src/migrate/ao/errors.ts';
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
  TranscriptUnreadableError: {
    meaning:
      'A transcript that `runlog import ao` found cannot be read, and its session is not imported without it.',
    sample: () =>
      transcriptUnreadable({
        path: '/home/jane/.codex/sessions/2026/05/20/rollout-2026-05-20T08-00-02-0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001.jsonl',
        cause: new Error('EACCES: permission denied'),
      }),
  },
};
