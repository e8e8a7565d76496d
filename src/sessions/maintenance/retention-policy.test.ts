import { describe, expect, test } from 'vitest';
import { ValidationError } from '../errors/error-classes.ts';
import { retentionPolicy, retentionPolicyFromJson } from './retention-policy.ts';
import { sessionMaintenance } from './session-maintenance.ts';
import { logMaintenance } from './log-maintenance.ts';

const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof ValidationError) return error.message;
    throw error;
  }
  return 'it was taken';
};

describe('a policy', () => {
  test('says what the specification says where it is silent', () => {
    expect(retentionPolicy()).toEqual({
      maxSessionAgeDays: Infinity,
      maxCompletedSessionAgeDays: 90,
      maxEventsPerSession: Infinity,
      maxTotalEvents: Infinity,
      hardDeleteAfterDays: 30,
      archiveBeforePrune: false,
      archiveStore: null,
      archiveArtifacts: null,
      exemptStatuses: ['active', 'paused'],
      exemptTags: ['pinned'],
      pruneEventTypesFirst: ['message_streamed', 'token_usage_updated'],
      batchSize: 100,
    });
  });

  test('is read from a file in snake_case, with null or "infinity" for no limit', () => {
    const read = retentionPolicyFromJson({
      max_completed_session_age_days: null,
      hard_delete_after_days: 'infinity',
      max_events_per_session: 7,
      exempt_tags: [],
    });
    expect(read).toEqual(
      retentionPolicy({
        maxCompletedSessionAgeDays: Infinity,
        hardDeleteAfterDays: Infinity,
        maxEventsPerSession: 7,
        exemptTags: [],
      }),
    );
  });

  test.each([
    ['max_session_age_days', 0],
    ['max_completed_session_age_days', 1.5],
    ['max_events_per_session', '100'],
    ['max_total_events', -1],
    ['hard_delete_after_days', 100_001],
    ['archive_before_prune', 'yes'],
    ['archive_store', ''],
    ['archive_artifacts', 7],
    ['exempt_statuses', ['done']],
    ['exempt_statuses', 'active'],
    ['exempt_tags', [1]],
    ['prune_event_types_first', ['message']],
    ['prune_event_types_first', ['message_sent']],
    ['batch_size', 0],
    ['batch_size', 10_001],
    ['max_events', 5],
  ])('is refused with the name %s of the value %j', (name, value) => {
    const message = messageOf(() => retentionPolicyFromJson({ [name]: value }));
    expect(message).toContain(name);
  });

  test('is refused with every name at once, and with the one that was meant', () => {
    const bad = { maxEventsPerSesion: 5, batchSize: 0, hardDeleteAfterDays: NaN };
    const message = messageOf(() => retentionPolicy(bad));
    expect(message).toContain("there is no knob 'maxEventsPerSesion'; did you mean 'maxEventsPerSession'?");
    expect(message).toContain('batchSize must be a whole number from 1 to 10000');
    expect(message).toContain('hardDeleteAfterDays must be a whole number from 1 up to 100000');
  });

  test.each([null, [], 'policy', 7])('is a map and not %j', (given) => {
    expect(messageOf(() => retentionPolicyFromJson(given))).toContain('must be a map');
  });

  test('that archives names the archive, and artifacts go into an archive', () => {
    expect(messageOf(() => retentionPolicy({ archiveBeforePrune: true }))).toContain(
      'archiveStore must be given',
    );
    expect(messageOf(() => retentionPolicyFromJson({ archive_artifacts: 'files' }))).toContain(
      'needs archive_store',
    );
  });
});

describe('maintenance', () => {
  const refs: readonly unknown[] = [null, 'store', {}, [logMaintenance], [logMaintenance, null], [{}, {}]];

  test.each(refs)('behind %j is refused: a ref is [implementation, context]', (ref) => {
    expect(messageOf(() => Reflect.apply(sessionMaintenance, null, [ref]))).toContain(
      'maintenance ref must be [implementation, context]',
    );
  });

  test('gives what an implementation throws a code', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('the disk');
    };
    const broken = {
      softDelete: fail,
      hardDelete: fail,
      prune: fail,
      cleanOrphanedArtifacts: fail,
      healthCheck: fail,
      execute: fail,
      dryRun: fail,
    };
    await expect(sessionMaintenance([broken, {}]).execute()).rejects.toMatchObject({
      code: 'maintenance_error',
    });
  });
});
