import { expect, test } from 'vitest';
import { driveBroken, driveObserved } from '../../../test/harness/observe/observed-run.ts';
import type { OpenSpan, SpanAttributes, SpanStart, Tracing } from '../../base/index.ts';

interface Told {
  readonly name: string;
  readonly depth: number;
  readonly startMs: number;
  attributes: SpanAttributes;
  failure: string | null;
  endMs: number | null;
  isActive: boolean;
}

/** Keeps what it is told; `active` are the spans that something was done in. */
function recordedTracing(): { readonly tracing: Tracing; readonly spans: Told[] } {
  const spans: Told[] = [];
  const ofSpan = new Map<OpenSpan, Told>();
  const startSpan = ({ name, attributes, parent, startMs }: SpanStart): OpenSpan => {
    const depth = parent === null ? 0 : (ofSpan.get(parent)?.depth ?? Number.NaN) + 1;
    const told: Told = { name, depth, startMs, attributes, failure: null, endMs: null, isActive: false };
    const span: OpenSpan = {
      set: (more) => void (told.attributes = { ...told.attributes, ...more }),
      fail: (type, message) => void (told.failure = `${type}: ${message}`),
      end: (endMs) => void (told.endMs = endMs),
      within: (work) => {
        told.isActive = true;
        return work();
      },
    };
    spans.push(told);
    ofSpan.set(span, told);
    return span;
  };
  return { tracing: { startSpan }, spans };
}

test('a drive, its invocations and what goes out of them are spans, one below the other', async () => {
  const { tracing, spans } = recordedTracing();
  await driveObserved({ tracing });
  expect(spans.map(({ name, depth }) => `${'  '.repeat(depth)}${name}`)).toEqual([
    'run',
    '  behavior asker',
    '    chat scripted',
    '    execute_tool echo',
    '    chat scripted',
    'run',
    '  behavior asker',
    '    chat scripted',
    '    execute_tool broken',
    'run',
    '  behavior asker',
    '    chat scripted',
    'run',
    // The fork is served from the record: nothing goes out.
    'run',
    '  behavior asker',
  ]);
});

test('every span ends, not before it began', async () => {
  const { tracing, spans } = recordedTracing();
  await driveObserved({ tracing });
  await driveBroken({ tracing });
  expect(spans.filter(({ startMs, endMs }) => endMs === null || endMs < startMs)).toEqual([]);
});

test('a call has the attributes of the conventions, and is active while it goes out', async () => {
  const { tracing, spans } = recordedTracing();
  await driveObserved({ tracing });
  const calls = spans.filter(({ depth }) => depth === 2);
  expect(calls.every(({ isActive }) => isActive)).toBe(true);
  expect(calls[2]?.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.conversation.id': 'observed',
    'gen_ai.request.model': 'scripted',
    'gen_ai.response.model': 'scripted',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.output_tokens': 3,
    'gen_ai.response.finish_reasons': ['end_turn'],
    'runlog.behavior': 'asker',
    'runlog.event.id': expect.stringMatching(/^evt_/) as unknown,
    'runlog.cost_usd': 0.02,
  });
});

test('a failure stands on the call and on the invocation, without its secrets', async () => {
  const { tracing, spans } = recordedTracing();
  await driveObserved({ tracing });
  const failed = spans.filter(({ failure }) => failure !== null);
  expect(failed.map(({ name, failure }) => [name, failure])).toEqual([
    ['behavior asker', 'tool.execution_error: the key is [REDACTED]'],
    ['execute_tool broken', 'tool.execution_error: the key is [REDACTED]'],
    ['behavior asker', 'llm.refused: no'],
    ['chat scripted', 'llm.refused: no'],
  ]);
});

test('a backend of spans that throws disturbs nobody', async () => {
  const startSpan = (): never => {
    throw new Error('no');
  };
  await expect(driveObserved({ tracing: { startSpan } })).resolves.toBeUndefined();
});
