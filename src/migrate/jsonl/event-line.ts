/**
 * Decides how an event stands in a file: the seven fields of the specification first, what else it has behind them, then its
 * place and its chain hash. A payload stands as it was stored, or as a string of exactly that text.
 */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import { type EventRow, parseJson, readTombstone, type StoredEvent } from '../../log/index.ts';
import { LineProblem } from './errors.ts';
import { jsonText, standsAsItself, valueSpans } from './json-text.ts';

export interface EventLine {
  readonly row: EventRow;
  readonly seq: number;
  /** Chain hash up to and including this event. */
  readonly hash: string;
}

/** A line without its line feed. The event has to be read with its hash. */
export function eventLineText(event: StoredEvent): string {
  const { id, type, payload, actor, frameId, causedBy, timestamp, metadata, schemaVersion, seq, hash } =
    event;
  const { runId, provider, correlationId } = event;
  const own = `"id":${jsonText(id)},"type":${jsonText(type)},${textField('payload', payload)}`;
  const envelope = `"actor":${jsonText(actor)},"frame_id":${jsonText(frameId)},"caused_by":${jsonText(causedBy)}`;
  const more = [
    ...(schemaVersion === null ? [] : [`,"schema_version":${schemaVersion}`]),
    ...(runId === null ? [] : [`,"run_id":${jsonText(runId)}`]),
    ...(provider === null ? [] : [`,"provider":${jsonText(provider)}`]),
    ...(correlationId === null ? [] : [`,"correlation_id":${jsonText(correlationId)}`]),
    ...(metadata === null ? [] : [`,${textField('metadata', metadata)}`]),
  ].join('');
  return `{${own},${envelope},"timestamp":${jsonText(timestamp)}${more},"seq":${seq},"hash":${jsonText(hash)}}`;
}

function textField(name: 'payload' | 'metadata', text: string): string {
  return standsAsItself(text) ? `"${name}":${text}` : `"${name}_text":${jsonText(text)}`;
}

const known = new Set([
  'id',
  'type',
  'payload',
  'payload_text',
  'actor',
  'frame_id',
  'caused_by',
  'timestamp',
  'schema_version',
  'run_id',
  'provider',
  'correlation_id',
  'metadata',
  'metadata_text',
  'seq',
  'hash',
]);

/** Throws a `LineProblem`. `value` is what the text says. */
export function parseEventLine(text: string, value: unknown): EventLine {
  if (!isJsonObject(value)) throw new LineProblem('it is JSON, and no object');
  const fields = new Fields(text, value);
  const payload = fields.kept('payload');
  if (payload === null) throw new LineProblem('the event has no payload');
  const { seq, hash } = value;
  if (typeof seq !== 'number' || typeof hash !== 'string')
    throw new LineProblem('the event has no place (seq) or no chain hash');
  return {
    seq,
    hash,
    row: {
      id: fields.text('id'),
      type: fields.text('type'),
      payload,
      actor: fields.textOrNull('actor'),
      causedBy: fields.textOrNull('caused_by'),
      frameId: fields.textOrNull('frame_id'),
      timestamp: fields.text('timestamp'),
      subject: null,
      schemaVersion: fields.numberOrNull('schema_version'),
      runId: fields.textOrNull('run_id'),
      provider: fields.textOrNull('provider'),
      correlationId: fields.textOrNull('correlation_id'),
      metadata: fields.kept('metadata'),
    },
  };
}

/** The fields of a line, each looked at before it is taken. */
class Fields {
  readonly #text: string;
  readonly #value: JsonObject;
  readonly #spans = new Map<string, readonly [number, number]>();

  constructor(text: string, value: JsonObject) {
    this.#text = text;
    this.#value = value;
    for (const [key, from, to] of valueSpans(text)) {
      if (!known.has(key))
        throw new LineProblem(`it has a field '${key.slice(0, 40)}' that the format does not know`);
      if (this.#spans.has(key)) throw new LineProblem(`it has the field '${key}' twice`);
      this.#spans.set(key, [from, to]);
    }
  }

  text(name: string): string {
    const text = this.textOrNull(name);
    if (text === null) throw new LineProblem(`the event has no ${name}`);
    return text;
  }

  textOrNull(name: string): string | null {
    const value = this.#value[name] ?? null;
    if (value === null || typeof value === 'string') return value;
    throw new LineProblem(`its ${name} is no text`);
  }

  numberOrNull(name: string): number | null {
    const value = this.#value[name] ?? null;
    if (value === null || typeof value === 'number') return value;
    throw new LineProblem(`its ${name} is no number`);
  }

  /** A text that is kept character by character, as itself or as a string of it. */
  kept(name: 'payload' | 'metadata'): string | null {
    const span = this.#spans.get(name);
    const asString = this.textOrNull(`${name}_text`);
    if (span === undefined) return asString === null ? null : objectText(name, asString);
    if (asString !== null) throw new LineProblem(`it has both ${name} and ${name}_text`);
    if (!isJsonObject(this.#value[name])) throw new LineProblem(`its ${name} is no object`);
    return this.#text.slice(...span);
  }
}

/** Also what only Python writes of JSON, as in the logs that came from it, and what stands in the place of a dropped payload. */
function objectText(name: string, text: string): string {
  if (name === 'payload' && readTombstone(text) !== null) return text;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new LineProblem(`its ${name}_text is no JSON`);
  }
  if (!isJsonObject(value)) throw new LineProblem(`its ${name}_text is JSON, and no object`);
  return text;
}
