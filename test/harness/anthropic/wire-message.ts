// Decides how an answer of the local server is written in Anthropic's wire format: as one JSON object, or as server-sent events.

export type AnswerBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object };

export interface WireAnswer {
  readonly content: readonly AnswerBlock[];
  /** `tool_use` when a tool is asked for, else `end_turn`. */
  readonly stopReason?: string;
  readonly stopDetails?: object;
  readonly usage?: Readonly<Record<string, number>>;
}

const pieceLength = 12;

export function messageOf(answer: WireAnswer, model: string, id: string): object {
  const asksForTool = answer.content.some(({ type }) => type === 'tool_use');
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: answer.content,
    stop_reason: answer.stopReason ?? (asksForTool ? 'tool_use' : 'end_turn'),
    stop_sequence: null,
    ...(answer.stopDetails === undefined ? {} : { stop_details: answer.stopDetails }),
    usage: { input_tokens: 100, output_tokens: 20, ...answer.usage },
  };
}

/** The events of a stream, each with its text. Texts come in pieces, and the arguments of a tool as pieces of JSON. */
export function streamOf(answer: WireAnswer, model: string, id: string): readonly string[] {
  const whole = messageOf(answer, model, id);
  const { stop_reason, usage } = whole as { stop_reason: string; usage: Record<string, number> };
  const start = { ...whole, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return [
    event('message_start', { message: start }),
    ...answer.content.flatMap((block, index) => [
      event('content_block_start', { index, content_block: emptied(block) }),
      ...deltasOf(block).map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: usage['output_tokens'] },
    }),
    event('message_stop', {}),
  ];
}

export function errorBody(type: string, message: string): object {
  return { type: 'error', error: { type, message }, request_id: 'req_local' };
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function emptied(block: AnswerBlock): object {
  if (block.type === 'text') return { type: 'text', text: '' };
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return { ...block, input: {} };
}

function deltasOf(block: AnswerBlock): readonly object[] {
  if (block.type === 'text') return pieces(block.text).map((text) => ({ type: 'text_delta', text }));
  if (block.type === 'thinking')
    return [
      ...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: block.signature },
    ];
  return pieces(JSON.stringify(block.input)).map((json) => ({
    type: 'input_json_delta',
    partial_json: json,
  }));
}

function pieces(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${pieceLength}}`, 'gu')) ?? [];
}
