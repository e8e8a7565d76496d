import { expect, test } from 'vitest';
import { redactionText, type RedactionSummary, redactionToJson } from './redaction-report.ts';

const at = '2026-01-01T00:00:00.000Z';
const note = { by: 'ops', at, reason: 'asked' };

function summary(count: number, more: Partial<RedactionSummary> = {}): RedactionSummary {
  const events = Array.from({ length: count }, (_each, index) => ({
    ...{ id: `e${index + 1}`, seq: index + 1, type: 'message_sent', timestamp: at },
    ...{ runId: null, redacted: null },
  }));
  return { store: 'memory:', sessionId: 's', isDryRun: true, note, events, runs: [], left: [], ...more };
}

test('fifty events are listed, and how many more there are is said', () => {
  const lines = redactionText(summary(53));
  expect(lines.filter((text) => text.startsWith('would go'))).toHaveLength(50);
  expect(lines.slice(50)).toEqual([
    'and 3 more events; --json names them all',
    'summary: 53 events would be redacted, 0 were before',
    'Nothing was changed. With --apply it is done, and the data cannot be brought back.',
  ]);
});

test('where there is nothing to drop, nobody is told to go on', () => {
  expect(redactionText(summary(0))).toEqual(['summary: 0 events would be redacted, 0 were before']);
});

test('a row that a redaction of the events alone has left is something to drop', () => {
  const [event] = summary(1).events;
  const before = event === undefined ? [] : [{ ...event, redacted: note }];
  const left = summary(0, { events: before, runs: [{ runId: 'r', parts: ['input', 'output'] }] });
  expect(redactionText(left)).toEqual([
    `before    e1  1  message_sent  ${at}  (redacted by ops at ${at}: asked)`,
    'would go  input and output of run r',
    'summary: 0 events would be redacted, 1 was before',
    'Nothing was changed. With --apply it is done, and the data cannot be brought back.',
  ]);
});

test('what is left of the same runs is counted by type, with the options that take it too', () => {
  const left = [
    { type: 'message_streamed', events: 12 },
    { type: 'tool_call_started', events: 1 },
  ];
  const line =
    'left: 12 message_streamed, 1 tool_call_started of the same runs may repeat what goes; to take them too, add --type message_streamed --type tool_call_started';
  expect(redactionText(summary(1, { left }))).toContain(line);
  const done = redactionText(summary(1, { left, isDryRun: false })).at(-1);
  expect(done).toBe(line.replace('what goes', 'what went'));
  expect(redactionToJson(summary(1, { left }))).toMatchObject({ left });
});

test('neither an id nor a reason steers the terminal', () => {
  const [event] = summary(1).events;
  if (event === undefined) throw new Error('no event');
  const steering = '\u001b[2J';
  const hostile = { ...event, id: steering, redacted: { ...note, reason: steering } };
  const runs = [{ runId: steering, parts: ['error' as const] }];
  expect(redactionText(summary(0, { events: [hostile], runs })).join('')).not.toContain('\u001b');
});

test('the JSON counts what had its data', () => {
  const [first, second] = summary(2).events;
  if (first === undefined || second === undefined) throw new Error('no events');
  const events = [first, { ...second, redacted: note }];
  expect(redactionToJson(summary(0, { events }))).toMatchObject({
    events_redacted: 1,
    events: [{ redacted_before: null }, { redacted_before: note }],
  });
});
