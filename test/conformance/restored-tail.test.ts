// A follower of a SQLite store that was put back to an earlier state is told so: the places that it has read are given again there.
import { copyFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { InvalidCursorError, type LogStore, type TailOptions } from '../../src/log/index.ts';
import { append, openForTest, sampleStore } from './sqlite-scratch.ts';

const follow = { store: {}, run: { logId: 'a' } } as const;

/** The cursor behind so many events. */
async function cursorBehind(store: LogStore, count: number, options: TailOptions): Promise<string> {
  let seen = 0;
  for await (const page of store.tail(options)) {
    seen += page.events.length;
    if (seen >= count) return page.cursor;
  }
  throw new Error('the tail has ended');
}

/** A store that went on behind the cursor of a follower, was put back, and went on otherwise. */
async function restored(
  options: TailOptions,
  { readTo, goesOnTo }: { readonly readTo: number; readonly goesOnTo: number },
): Promise<{ store: LogStore; cursor: string }> {
  const path = await sampleStore();
  copyFileSync(path, `${path}.backup`);
  const before = await openForTest({ path, mode: 'write' });
  await append(before, 3, 3);
  const cursor = await cursorBehind(before, readTo, options);
  await before.close();
  copyFileSync(`${path}.backup`, path);
  const store = await openForTest({ path, mode: 'write' });
  const others = Array.from({ length: goesOnTo - 3 }, (_, index) => index + 4);
  for (const seq of others) await append(store, seq - 1, 1, `{"other":${seq}}`);
  return { store, cursor };
}

test.each(Object.entries(follow))(
  'a place that another event has now is refused: %s',
  async (_what, options) => {
    const { store, cursor } = await restored(options, { readTo: 6, goesOnTo: 8 });
    await expect(cursorBehind(store, 1, { ...options, after: cursor })).rejects.toThrow(InvalidCursorError);
  },
);

test.each(Object.entries(follow))('a place that is not there yet is refused: %s', async (_what, options) => {
  const { store, cursor } = await restored(options, { readTo: 6, goesOnTo: 5 });
  await expect(cursorBehind(store, 1, { ...options, after: cursor })).rejects.toThrow(InvalidCursorError);
});

test.each(Object.entries(follow))('a place from before the backup goes on: %s', async (_what, options) => {
  const path = await sampleStore();
  const before = await openForTest({ path, mode: 'write' });
  const cursor = await cursorBehind(before, 3, options);
  await before.close();
  copyFileSync(path, `${path}.backup`);
  copyFileSync(`${path}.backup`, path);
  const store = await openForTest({ path, mode: 'write' });
  await append(store, 3, 1);
  expect(await cursorBehind(store, 1, { ...options, after: cursor })).not.toBe(cursor);
});
