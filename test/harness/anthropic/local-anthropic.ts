// Decides what the local server is that stands in for Anthropic's: it speaks the vendor's wire format on the loopback, answers by a
// script, fails in every way that the script asks for, and keeps what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorBody, messageOf, streamOf, type WireAnswer } from './wire-message.ts';

export type Reply =
  | WireAnswer
  | {
      readonly status: number;
      readonly type: string;
      readonly message: string;
      readonly headers?: Record<string, string>;
    }
  /** No answer until the caller gives up or the server is closed. */
  | 'hang'
  /** The connection breaks in the middle of the answer. */
  | 'cut'
  /** Half of the answer, and then nothing more. */
  | 'stall';

export interface AskedMessage {
  readonly role: string;
  readonly content: string | readonly Record<string, unknown>[];
}

export interface AskedBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly AskedMessage[];
  readonly [key: string]: unknown;
}

export interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AskedBody;
}

export interface LocalAnthropic extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, as `ANTHROPIC_BASE_URL` takes it. */
  readonly url: string;
  /** Questions to `/v1/messages`, in order. */
  readonly asked: readonly Asked[];
  /** Questions to other paths. */
  readonly others: readonly Asked[];
  /** Resolves when so many questions have come. */
  untilAsked(count: number): Promise<void>;
  /** Resolves when so many callers have gone away before their answer was whole. */
  untilLeft(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface LocalAnthropicOptions {
  /** Replies in order, or a function of what is asked. */
  readonly replies: readonly Reply[] | ((asked: Asked, index: number) => Reply);
  /** Any other key is refused with 401. */
  readonly apiKey?: string;
  readonly countTokens?: (body: AskedBody) => number;
}

export async function openLocalAnthropic(options: LocalAnthropicOptions): Promise<LocalAnthropic> {
  const asked: Asked[] = [];
  const others: Asked[] = [];
  const left = new Counter();
  const arrived = new Counter();
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) left.add();
    });
    void answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const text = await textOf(request);
    const body = (text === '' ? { model: '', messages: [] } : JSON.parse(text)) as AskedBody;
    const one: Asked = { path, headers: request.headers, body };
    const { apiKey } = options;
    const isKnown = apiKey === undefined || keysOf(request).includes(apiKey);
    if (path !== '/v1/messages' || request.method !== 'POST') others.push(one);
    if (!isKnown) return refuse(response, 401, 'authentication_error', 'invalid x-api-key');
    if (path === '/v1/messages/count_tokens') {
      const count = options.countTokens ?? (() => Math.ceil(text.length / 4));
      return send(response, 200, { input_tokens: count(body) });
    }
    if (path !== '/v1/messages') return refuse(response, 404, 'not_found_error', 'no such path');
    const index = asked.push(one) - 1;
    arrived.add();
    const { replies } = options;
    const reply = typeof replies === 'function' ? replies(one, index) : replies[index];
    if (reply === undefined) return refuse(response, 400, 'invalid_request_error', 'the script has ended');
    return perform(response, reply, body, `msg_local_${index + 1}`);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    others,
    untilAsked: (count) => arrived.until(count),
    untilLeft: (count) => left.until(count),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function perform(response: ServerResponse, reply: Reply, body: AskedBody, id: string): Promise<void> {
  if (reply === 'hang') return;
  if (typeof reply === 'object' && 'status' in reply)
    return refuse(response, reply.status, reply.type, reply.message, reply.headers);
  const answer: WireAnswer =
    typeof reply === 'string' ? { content: [{ type: 'text', text: 'half of an answer' }] } : reply;
  const parts =
    body.stream === true
      ? streamOf(answer, body.model, id)
      : halves(JSON.stringify(messageOf(answer, body.model, id)));
  response.writeHead(200, {
    'content-type': body.stream === true ? 'text/event-stream' : 'application/json',
    'request-id': `req_${id}`,
  });
  const sent = typeof reply === 'string' ? parts.slice(0, Math.ceil(parts.length / 2)) : parts;
  for (const part of sent) response.write(part);
  if (reply === 'stall') return;
  if (reply === 'cut') await new Promise((resolve) => response.write('', resolve));
  if (reply === 'cut') response.destroy();
  else response.end();
}

function halves(text: string): readonly string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function refuse(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  send(response, status, errorBody(type, message), headers);
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_local', ...headers });
  response.end(JSON.stringify(body));
}

/** Clients of different ages send the key in different headers. */
function keysOf({ headers }: IncomingMessage): readonly (string | undefined)[] {
  const single = headers['x-api-key'];
  return [typeof single === 'string' ? single : undefined, headers.authorization?.replace(/^Bearer /, '')];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

class Counter {
  #count = 0;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  add(): void {
    this.#count += 1;
    for (const { count, resolve } of this.#waiting) if (count <= this.#count) resolve();
  }

  async until(count: number): Promise<void> {
    if (count <= this.#count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }
}
