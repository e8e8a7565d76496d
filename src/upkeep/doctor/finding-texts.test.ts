import { expect, test } from 'vitest';
import { finding } from './finding-texts.ts';

test('of a changed event it is said which events are whole, and how a fork of those is brought to another store', () => {
  const { meaning, todo } = finding('event-changed', { where: 'x', what: 'x', logId: 'a b', seq: 7 });
  expect(meaning).toContain('before the first such place of the run are whole');
  expect(todo).toContain("export-trace URL --run-id 'a b'");
  expect(todo).toContain('`runlog migrate --from URL --to sqlite:///saved.db --run-id FORK`');
  expect(todo).toContain('--detach');
});
