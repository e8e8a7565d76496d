/** Proves how failures of effects are turned into data of the log and back. */
import { expect, test } from 'vitest';
import { ExecutionError } from '../base/index.ts';
import {
  failureReason,
  LLMBehaviorError,
  llmError,
  malformedRecording,
  ToolError,
  toolError,
  toolErrorFromJson,
  toolErrorToJson,
} from './errors.ts';

test('a model failure says its reason and its extras', () => {
  const error = llmError('llm.rate_limited', 'slow down', { retry_after_seconds: 2 });
  expect(failureReason(error)).toEqual({
    reason: 'llm.rate_limited',
    message: 'slow down',
    extras: { retry_after_seconds: 2 },
  });
});

test('failures stand in the hierarchy', () => {
  expect(llmError('llm.auth_error', 'no')).toBeInstanceOf(LLMBehaviorError);
  expect(toolError('tool.timeout', 'late')).toBeInstanceOf(ExecutionError);
});

test('an ordinary exception has no reason of its own', () => {
  expect(failureReason(new Error('boom'))).toBeNull();
  expect(failureReason('boom')).toBeNull();
});

test('a recorded tool failure comes back as it was', () => {
  const json = toolErrorToJson('t', toolError('tool.network_error', 'gone', { status: 502 }));
  expect(json).toEqual({ reason: 'tool.network_error', message: 'gone', status: 502 });
  expect(toolErrorToJson('t', toolErrorFromJson(json))).toEqual(json);
});

test('an exception of a tool is recorded with its class', () => {
  expect(toolErrorToJson('t', new TypeError('bad'))).toEqual({
    reason: 'tool.execution_error',
    message: 'bad',
    tool: 't',
    exception_type: 'TypeError',
  });
});

test('a value that is not an error can be thrown and recorded', () => {
  expect(toolErrorToJson('t', 'bad')).toMatchObject({ message: 'bad', exception_type: 'string' });
});

test('a reason that a tool made up is kept', () => {
  const error = toolErrorFromJson({ reason: 'shop.closed', message: 'come back later' });
  expect(error).toBeInstanceOf(ToolError);
  expect(failureReason(error)).toMatchObject({ reason: 'shop.closed', message: 'come back later' });
});

test('extras cannot replace reason and message', () => {
  expect(toolErrorToJson('t', toolError('tool.timeout', 'late', { reason: 'x', message: 'y' }))).toEqual({
    reason: 'tool.timeout',
    message: 'late',
  });
});

test('a damaged fixture has a reason in the log, a damaged log has none', () => {
  const problem = 'no text';
  expect(
    failureReason(malformedRecording({ where: 'a.json', problem, reason: 'llm.fixture_malformed' })),
  ).toMatchObject({
    reason: 'llm.fixture_malformed',
    extras: { where: 'a.json', problem },
  });
  expect(failureReason(malformedRecording({ where: 'evt_001', problem }))).toBeNull();
});
