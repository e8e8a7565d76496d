import { describe, expect, it } from 'vitest';
import { type AoMigration, hasFailed, reportJson, reportLines } from './report.ts';

const done: AoMigration = {
  isDryRun: false,
  database: '/d/ao.db',
  dbCreated: true,
  schemaVersion: 12,
  projects: { created: 1, skipped: 2, failed: 0 },
  orchestrators: { created: 3, skipped: 4, failed: 0 },
  relocatedTranscripts: 5,
  failedTranscripts: 0,
  notes: [{ scope: 'project', id: 'a', text: 'first\nMigration complete.' }],
  refusal: null,
};

describe('the report', () => {
  it('is an object with exactly the keys of the contract, in their order', () => {
    expect(JSON.stringify(reportJson(done))).toBe(
      '{"dbCreated":true,"schemaVersion":12,"projects":{"created":1,"skipped":2,"failed":0},"orchestrators":{"created":3,"skipped":4,"failed":0,"relocatedTranscripts":5}}',
    );
  });

  it('has one line for each note, whatever its text is', () => {
    expect(reportLines(done)).toEqual([
      'Migration complete.',
      'DB created at schema v12: /d/ao.db',
      'Projects: 1 created, 2 skipped, 0 failed',
      'Orchestrators: 3 created, 4 skipped, 0 failed',
      'Transcripts: 5 relocated',
      'Notes:',
      '- [project] a: first Migration complete.',
    ]);
  });

  it('of a dry run speaks of what would be', () => {
    expect(reportLines({ ...done, isDryRun: true, dbCreated: false, notes: [] })).toEqual([
      'Migration plan (dry run - nothing written):',
      'DB already at schema v12: /d/ao.db',
      'Projects: 1 to create, 2 skipped, 0 failed',
      'Orchestrators: 3 to create, 4 skipped, 0 failed',
      'Transcripts: 5 to relocate',
    ]);
  });

  it('is a failure with one failed row, and with a refusal of a real run', () => {
    const refusal = { code: 'DB_LOCKED', whatFailed: '', howToFix: '' } as const;
    expect(hasFailed(done)).toBe(false);
    expect(hasFailed({ ...done, orchestrators: { ...done.orchestrators, failed: 1 } })).toBe(true);
    expect(hasFailed({ ...done, refusal })).toBe(true);
    expect(hasFailed({ ...done, refusal, isDryRun: true })).toBe(false);
  });
});
