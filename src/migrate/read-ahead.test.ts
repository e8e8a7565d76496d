import { expect, test } from 'vitest';
import { readAhead } from './read-ahead.ts';

function pagesOf(log: string[], failAt = Number.POSITIVE_INFINITY): AsyncIterable<number> {
  async function* pages(): AsyncGenerator<number> {
    try {
      for (let page = 1; page <= 3; page += 1) {
        log.push(`asked ${page}`);
        if (page === failAt) throw new Error('the disk is gone');
        yield page;
      }
    } finally {
      log.push('ended');
    }
  }
  return pages();
}

async function readAll(log: string[], failAt?: number): Promise<void> {
  for await (const page of readAhead(pagesOf(log, failAt))) log.push(`read ${page}`);
}

test('the next page is asked for before the present one is handed out, and none twice', async () => {
  const log: string[] = [];
  await readAll(log);
  expect(log).toEqual(['asked 1', 'asked 2', 'read 1', 'asked 3', 'read 2', 'ended', 'read 3']);
});

test('what a page fails with is heard after the pages before it', async () => {
  const log: string[] = [];
  await expect(readAll(log, 3)).rejects.toThrow('the disk is gone');
  expect(log.at(-1)).toBe('read 2');
});

test('who stops early ends the reading', async () => {
  const log: string[] = [];
  for await (const page of readAhead(pagesOf(log))) {
    log.push(`read ${page}`);
    break;
  }
  expect(log).toEqual(['asked 1', 'asked 2', 'read 1', 'ended']);
});
