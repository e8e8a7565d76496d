import { describe, expect, it, test } from 'vitest';
import { type NumberedLine, splitLines } from './split-lines.ts';

async function linesOf(bytes: Uint8Array, size: number, atMost?: number): Promise<unknown[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const found: unknown[] = [];
  for await (const line of splitLines(chunks(), atMost))
    found.push(line.ok ? [line.number, line.text] : [line.number, line.reason]);
  return found;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([1, 2, 3, 7, 1000])('lines are the same in chunks of %i bytes', async (size) => {
  expect(await linesOf(utf8('ä€😀\n\nzwei\r\n\u2028drei'), size)).toEqual([
    [1, 'ä€😀'],
    [3, 'zwei'],
    [4, '\u2028drei'],
  ]);
});

test('a mark before the first line is passed over', async () => {
  expect(await linesOf(utf8('\uFEFF{}\n\uFEFF{}'), 4)).toEqual([
    [1, '{}'],
    [2, '\uFEFF{}'],
  ]);
});

test('bytes that are no UTF-8 are refused, and the next line is read', async () => {
  expect(await linesOf(Uint8Array.of(0x7b, 0xff, 0x0a, 0x41), 2)).toEqual([
    [1, 'it is no UTF-8'],
    [2, 'A'],
  ]);
});

test('a line that is too long is refused with its length, and the next line is read', async () => {
  expect(await linesOf(utf8(`first\n${'x'.repeat(101)}\nshort`), 10, 100)).toEqual([
    [1, 'first'],
    [2, 'it has 101 bytes, and a line has at most 100'],
    [3, 'short'],
  ]);
});

describe('what does not end is refused, and no more of it is read', () => {
  async function* zeros(first: string, read: { bytes: number }): AsyncGenerator<Uint8Array> {
    yield utf8(first);
    for (;;) {
      read.bytes += 65_536;
      if (read.bytes > 16 * 1024 * 1024) throw new Error('it goes on and on');
      yield new Uint8Array(65_536);
    }
  }

  it.each([
    [
      'at the beginning',
      '',
      256 * 1024 * 1024,
      1,
      'it has more than 1048576 bytes, and the first line is a version line',
    ],
    [
      'behind other lines',
      '{}\n',
      1_000_000,
      2,
      'it has more than 4000000 bytes and no end, and a line has at most 1000000: nothing behind it was read',
    ],
  ])('%s', async (_name, first, atMost, number, reason) => {
    const lines: NumberedLine[] = [];
    for await (const line of splitLines(zeros(first, { bytes: 0 }), atMost)) lines.push(line);
    expect(lines.at(-1)).toEqual({ ok: false, number, reason });
    expect(lines).toHaveLength(number);
  });
});
