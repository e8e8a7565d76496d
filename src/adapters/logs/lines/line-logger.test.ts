import { expect, test } from 'vitest';
import type { LogLevel } from '../../../base/index.ts';
import { lineLogger } from './line-logger.ts';

function logged(options: { readonly level?: LogLevel; readonly json?: boolean } = {}) {
  const lines: string[] = [];
  const { level = 'debug', json = true } = options;
  const stream = { write: (text: string) => lines.push(text) };
  return { lines, logger: lineLogger({ level, json, stream, nowMs: () => Date.UTC(2026, 10, 21, 9, 30) }) };
}

test('a line of JSON has the documented fields in their order, and no others', () => {
  const { lines, logger } = logged();
  logger.warn({ doc_url: 'u', cache_hit: false, run_id: 'r', logger: 'runlog.llm', password: 'p' }, 'said');
  expect(lines).toEqual([
    '{"timestamp":"2026-11-21T09:30:00.000Z","level":"WARNING","logger":"runlog.llm","message":"said","run_id":"r","cache_hit":false,"doc_url":"u"}\n',
  ]);
});

test('a line of text is time, level, name, message and the fields', () => {
  const { lines, logger } = logged({ json: false });
  logger.info({ logger: 'runlog.llm', run_id: 'r', error_message: 'two words' }, 'said');
  expect(lines).toEqual([
    '2026-11-21T09:30:00.000Z INFO runlog.llm said run_id=r error_message="two words"\n',
  ]);
});

test('no text of a run begins a line of its own or steers the terminal', () => {
  const { lines, logger } = logged({ json: false });
  logger.info({ logger: 'runlog.llm', behavior: 'a\nb' }, 'one\r\n2026 INFO two \u001b[2J');
  expect(lines.join('').trimEnd()).not.toMatch(/\p{Cc}/u);
});

test.each([
  ['debug', 5],
  ['info', 4],
  ['warning', 3],
  ['error', 2],
  ['critical', 1],
] as const)('at the level %s, %i of the five methods write', (level, count) => {
  const { lines, logger } = logged({ level });
  for (const method of ['debug', 'info', 'warn', 'error', 'fatal'] as const) {
    const before = lines.length;
    logger[method]({}, method);
    expect(logger.isLevelEnabled?.(method)).toBe(lines.length > before);
  }
  expect(lines).toHaveLength(count);
});
