import { expect, test } from 'vitest';
import { beginningOf, outputLines } from './output-lines.ts';

async function* of(...chunks: readonly string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

test('lines come whole, however the output was cut', async () => {
  const lines = await all(outputLines(of('one\ntw', 'o\r\n\nth', 'ree'), 100));
  expect(lines.map(({ text }) => text)).toEqual(['one', 'two', '', 'three']);
});

test('a character that comes in two pieces is one character', async () => {
  const [first, second] = [utf8('€').slice(0, 1), utf8('€').slice(1)];
  const lines = await all(outputLines(of(first, `${second}\n`), 100));
  expect(lines).toEqual([{ text: '€', isCut: false }]);
});

test('a line that is too long is cut and said to be, and the next one is whole', async () => {
  const lines = await all(outputLines(of('xx', 'xxxxx\n', 'abcd\n'), 4));
  expect(lines).toEqual([
    { text: 'xxxx', isCut: true },
    { text: 'abcd', isCut: false },
  ]);
});

test('an output without an end is held up to its limit', async () => {
  async function* endless() {
    for (let index = 0; index < 10_000; index += 1) yield Buffer.alloc(1000, 120);
  }
  const lines = await all(outputLines(endless(), 50));
  expect(lines).toEqual([{ text: 'x'.repeat(50), isCut: true }]);
});

test('the beginning of an output ends with a whole character', async () => {
  expect(await beginningOf(of(utf8('a€€')), 6)).toEqual({ text: 'a€', isCut: true });
  expect(await beginningOf(of('ab', 'c'), 3)).toEqual({ text: 'abc', isCut: false });
});
