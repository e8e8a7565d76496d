/** Decides how a causal chain reads: the object, the calls behind it, then one step deeper for each cause. */
import type { JsonObject } from '../../base/index.ts';
import { eventToJson, type LogEvent } from '../../log/index.ts';
import { moneyText } from '../text/number-text.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, line } from '../text/printable.ts';
import { errorReason } from '../trace/call-body.ts';
import { labelOf } from '../trace/event-line.ts';
import { fieldText } from '../trace/payload-field.ts';
import type { CallLink, CausalChain } from './causal-chain.ts';

/** The lines of a chain; `objectId` is for the case that there is none. */
export function chainText(
  chain: CausalChain | null,
  objectId: string,
  options: { readonly paint?: Paint } = {},
): readonly string[] {
  const { paint = plainPaint } = options;
  if (chain === null) return [line`(no such object: ${objectId})`];
  const { object, calls, events, cycleAt } = chain;
  const label = labelOf(object.data);
  return [
    paint('strong', line`${object.id} (${object.type})${label === null ? '' : ` "${label}"`}`),
    ...calls.flatMap(callLines),
    ...events.map((event, depth) => `${indent(depth)}← ${stepText(event)}`),
    ...(cycleAt === null ? [] : [`${indent(events.length)}${line`(cycle at ${cycleAt})`}`]),
  ];
}

/** The chain with its events in full. */
export function chainToJson({ object, calls, events, cycleAt }: CausalChain): JsonObject {
  const { id, type, data, version } = object;
  return {
    object: { id, type, data, version },
    calls: calls.map(({ request, answer }) => ({
      request: eventToJson(request),
      answer: answer === null ? null : eventToJson(answer),
    })),
    events: events.map(eventToJson),
    cycle_at: cycleAt,
  };
}

function callLines({ request, answer }: CallLink): readonly string[] {
  const { payload } = request;
  const what =
    request.type === 'tool.requested'
      ? `tool=${fieldText(payload, 'tool')}`
      : `model=${fieldText(payload, 'model')}`;
  const asked = `${indent(0)}← ${stepText(request)}  ${clean(what)}`;
  if (answer === null) return [asked, `${indent(1)}(no answer)`];
  return [asked, `${indent(1)}${line`(${answer.id}) ${answer.type}${tail(answer.payload)}`}`];
}

function stepText({ actor, id, type }: LogEvent): string {
  return line`${actor ?? '?'} (${id}) ${type}`;
}

function tail(payload: JsonObject): string {
  const error = errorReason(payload);
  if (error !== null) return ` error=${error}`;
  if (payload['cache_hit'] === true) return ' (cache_hit)';
  const cost = payload['cost_usd'] ?? null;
  return cost === null ? '' : ` cost=${moneyText(cost)}`;
}

function indent(depth: number): string {
  return '  '.repeat(depth + 1);
}
