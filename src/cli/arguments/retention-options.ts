/** Decides how a policy is spelled on a command line. A command that removes something never takes all runs for want of a word. */
import type { Declaration } from './declaration.ts';
import { InvalidValue } from './invalid-value.ts';
import type { RetentionPolicy } from '../../app/index.ts';
import { durationMs, notEmpty } from './option-values.ts';
import { usageError } from '../usage-error.ts';

export interface PolicyFlags {
  readonly runId?: readonly string[];
  readonly olderThan?: number;
  readonly keepLast?: number;
  readonly status?: readonly string[];
  readonly label?: string;
}

const statuses = ['empty', 'idle', 'stopped', 'exhausted', 'damaged', 'session'];

export function takesRunIds(command: Declaration): Declaration {
  return command.listOption('--run-id <run>', 'only this run; may be given again', collect);
}

export function takesPolicy(command: Declaration): Declaration {
  return command
    .option('--older-than <age>', 'only runs not written for so long: 30d, 12h, 8w', durationMs)
    .option('--keep-last <n>', 'keep the runs that were made last', count)
    .listOption(
      '--status <state>',
      'only runs in this state, or each session; idle and exhausted without it; may be given again',
      collectStatus,
    )
    .option('--label <text>', 'only runs of this label', notEmpty);
}

/** Throws `UsageError` when nothing is given that a run could be chosen by. */
export function policyOf(flags: PolicyFlags, command: string): RetentionPolicy {
  const policy = looseOf(flags);
  if (Object.keys(policy).length > 0) return policy;
  throw usageError(
    'Nothing says which runs are meant.',
    command,
    'Give one of --run-id, --older-than, --keep-last, --status and --label.',
  );
}

export function looseOf({ runId, olderThan, keepLast, status, label }: PolicyFlags): RetentionPolicy {
  return {
    ...(runId === undefined ? {} : { ids: runId }),
    ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
    ...(keepLast === undefined ? {} : { keepLast }),
    ...(status === undefined ? {} : { statuses: status }),
    ...(label === undefined ? {} : { label }),
  };
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidValue('It has to be a whole number from 0.');
  return Number(text);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), notEmpty(value)];
}

function collectStatus(value: string, before: readonly string[] | undefined): readonly string[] {
  if (!statuses.includes(value)) throw new InvalidValue(`Allowed choices are ${statuses.join(', ')}.`);
  return [...(before ?? []), value];
}
