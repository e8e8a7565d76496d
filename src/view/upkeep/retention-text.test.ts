import { expect, test } from 'vitest';
import { retentionText, whyKeptText } from './retention-text.ts';

const reasons = [{ code: 'status', status: 'session' }] as const;

test('a session stays because it is one, and not for a state that no list shows', () => {
  const kept = [{ id: 'ann', reasons }];
  const summary = { store: 'x', archive: null, isDryRun: true, leaving: [], partial: [], kept, ok: true };
  expect(retentionText(summary)[0]).toBe('stays     ann  it is a session (needs --status session)');
  expect(whyKeptText('ann', reasons, {})).toEqual([
    "Run 'ann' stays:",
    '  it is a session. `--status session` takes sessions, in whatever state.',
  ]);
});

test('a run stays for its state', () => {
  expect(whyKeptText('a', [{ code: 'status', status: 'stopped' }], {})[1]).toBe(
    '  its state is stopped. `--status stopped` takes runs that stand so.',
  );
});

test('runs that nobody asked for are counted, not listed', () => {
  const others = Array.from({ length: 3 }, (_, index) => ({
    id: `other-${index}`,
    reasons: [{ code: 'not-asked-for' }, { code: 'status', status: 'session' }] as const,
  }));
  const kept = [...others, { id: 'ann', reasons }];
  const summary = { store: 'x', archive: null, isDryRun: true, leaving: [], partial: [], kept, ok: false };
  expect(retentionText(summary).slice(0, 3)).toEqual([
    'stays     ann  it is a session (needs --status session)',
    'stays     and 3 others, which were not asked for',
    'summary: 0 would be deleted, 4 stay',
  ]);
});
