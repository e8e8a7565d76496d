/** Scenario 41, continued: every line that a run can log is on the page of log fields, with its level, its name and its fields. */
import { readFileSync } from 'node:fs';
import { configureLogging } from 'runlog';
import { logFields } from 'runlog/base';
import { pino } from 'pino';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { lineLogger } from '../../src/adapters/logs/lines/index.ts';
import { driveBroken, driveObserved, observedRunId } from '../harness/observe/observed-run.ts';

const page = readFileSync('docs/reference/log-fields.md', 'utf8');

/** Below a heading, the cells of each row without backticks. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return Array.from(section.matchAll(/^\| (.+) \|$/gm), ([, row = '']) =>
    row.split(' | ').map((cell) => cell.replaceAll('`', '')),
  ).slice(1);
}

type Line = Readonly<Record<string, string | number | boolean>>;
const written: string[] = [];
let lines: readonly Line[] = [];

beforeAll(async () => {
  const stream = { write: (text: string) => written.push(text) };
  const logger = lineLogger({ level: 'debug', json: true, stream });
  await driveObserved({ logger });
  await driveBroken({ logger });
  lines = written.map((text) => JSON.parse(text) as Line);
});

/** A line as the page tells of it: names and codes stand for what differs. */
function told(line: Line): string {
  const { message, level, logger, timestamp: _timestamp, ...facts } = line;
  const [behavior, tool] = [String(line['behavior'] ?? ''), String(line['tool'] ?? '')];
  const text = String(message)
    .replace(`: ${behavior} (`, ': NAME (')
    .replace(`: ${tool} (`, ': TOOL (')
    .replace(/\(reason=[\w.]+\)/, '(reason=CODE)')
    .replace(/: budget\.\w+$/, ': CODE');
  const name = String(logger).replace(/^runlog\.tools\..+/, 'runlog.tools.TOOL');
  return [level, name, text, Object.keys(facts).join(', ')].join(' | ');
}

describe('the lines of a run', () => {
  it('are all on the page, and the page has no others', () => {
    // A duration is missing where another process began what ended; the page says so once for all.
    const without = ({ latency_seconds: _seconds, ...line }: Line): Line => line;
    const plain = (row: string): string => row.replace(', latency_seconds', '');
    const found = new Set(lines.map((line) => told(without(line))));
    const listed = rowsBelow('Lines of runs').map((row) => plain(row.join(' | ')));
    expect([...found].toSorted()).toEqual(listed.toSorted());
  });

  it('have their duration where the page says so, unless another process began what ended', () => {
    const timed = new Set(lines.filter((line) => 'latency_seconds' in line).map(told));
    const listed = rowsBelow('Lines of runs')
      .map((row) => row.join(' | '))
      .filter((row) => row.includes('latency_seconds') && !row.includes('replay diverged'));
    expect([...timed].toSorted()).toEqual(listed.toSorted());
  });

  it('have the fields of the page, in its order', () => {
    expect(rowsBelow('Fields').map(([field]) => field)).toEqual([...logFields]);
    for (const line of lines) {
      const keys = Object.keys(line);
      expect(keys).toEqual(logFields.filter((field) => keys.includes(field)));
    }
  });

  it('hold no secret', () => {
    expect(written.join('')).toContain('the key is [REDACTED]');
    expect(written.join('')).not.toContain('sk-ant');
  });

  it('are compact JSON, one line each', () => {
    for (const text of written) expect(text).toBe(`${JSON.stringify(JSON.parse(text))}\n`);
  });
});

it('a logger of pino takes the same lines', async () => {
  const got: string[] = [];
  const stop = configureLogging({
    logger: pino({ level: 'warn' }, { write: (text: string) => void got.push(text) }),
  });
  onTestFinished(stop);
  await driveObserved({});
  const failures = got.map((text) => JSON.parse(text) as Line);
  expect(failures.map(({ level, msg }) => [level, msg])).toEqual([
    [40, 'tool failed: broken (reason=tool.execution_error)'],
    [40, 'behavior failed: asker (reason=tool.execution_error)'],
    [40, 'behavior failed: asker (reason=llm.refused)'],
    [40, 'budget exhausted: budget.events_exhausted'],
    [40, 'budget exhausted: budget.events_exhausted'],
    [60, 'replay diverged'],
  ]);
  expect(failures[0]).toMatchObject({ logger: 'runlog.tools.broken', run_id: observedRunId, tool: 'broken' });
  expect(got.join('')).not.toContain('sk-ant');
});

it('a level that there is not is refused', () => {
  const level: string = 'loud';
  expect(() => configureLogging({ level: level as 'info' })).toThrow("there is no log level 'loud'");
});
