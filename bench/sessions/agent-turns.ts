// What is fed to session stores and pipelines: turns of a coding agent, as raw events and as events that are ready to be appended.
import { countingMint, newSessionEvent, type SessionEvent } from '../../src/sessions/index.ts';

const prose =
  'The failing test expects an empty list, and the parser returns null for a file without a header. I will look at the reader first. ';

/** Ten events as one turn has them: pieces of text, a tool with its output, usage. */
export function rawTurn(number: number): readonly object[] {
  const piece = (text: string): object => ({
    type: 'message_streamed',
    timestamp: '2026-01-01T00:00:00.000000Z',
    data: { content: text, delta: text, session_id: 'ses_0123456789abcdef' },
  });
  const tool = {
    tool_call_id: `tc_${number}`,
    tool_name: 'bash',
    tool_input: { command: 'npm test -- reader' },
  };
  return [
    ...['I will look ', 'at the reader ', 'first, and then ', 'run the tests.'].map(piece),
    { type: 'tool_call_started', data: tool },
    { type: 'tool_call_completed', data: { ...tool, tool_output: prose.repeat(4) } },
    ...['The test fails ', 'for the reason given.'].map(piece),
    { type: 'message_received', data: { content: prose, role: 'assistant' } },
    {
      type: 'token_usage_updated',
      data: { input_tokens: 1200 + number, output_tokens: 85, total_tokens: 1285 },
    },
  ];
}

const mint = countingMint();

/** New events of one session, in the shape of the turn's first: a piece of a message. No two calls give the same ids. */
export function pieces(sessionId: string, count: number): readonly SessionEvent[] {
  const data = { content: 'I will look ', delta: 'I will look ', session_id: 'ses_0123456789abcdef' };
  return Array.from({ length: count }, () =>
    newSessionEvent(
      { type: 'message_streamed', sessionId, runId: 'run_1', provider: 'claude', correlationId: 'c', data },
      mint,
    ),
  );
}
