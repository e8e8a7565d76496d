/** Decides how a causal chain reads: the object, the calls behind it, then one step deeper for each cause, and what patched it since. */
import type { JsonObject } from '../../base/index.ts';
import { eventToJson, type LogEvent } from '../../log/index.ts';
import { moneyText } from '../text/number-text.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cut, line } from '../text/printable.ts';
import { pythonText } from '../text/python-text.ts';
import { errorReason } from '../trace/call-body.ts';
import { labelOf } from '../trace/event-line.ts';
import { fieldText } from '../trace/payload-field.ts';
import type { CallLink, CausalChain, PatchedField, PatchLink } from './causal-chain.ts';

/** The lines of a chain; `objectId` is for the case that there is none. */
export function chainText(
  chain: CausalChain | null,
  objectId: string,
  options: { readonly paint?: Paint } = {},
): readonly string[] {
  const { paint = plainPaint } = options;
  if (chain === null) return [line`(no such object: ${objectId})`];
  const { object, calls, events, cycleAt, patches } = chain;
  const label = labelOf(object.data);
  return [
    paint('strong', line`${object.id} (${object.type})${label === null ? '' : ` "${label}"`}`),
    ...calls.flatMap(callLines),
    ...events.map((event, depth) => `${indent(depth)}← ${stepText(event)}`),
    ...(cycleAt === null ? [] : [`${indent(events.length)}${line`(cycle at ${cycleAt})`}`]),
    ...patches.flatMap(patchLines),
  ];
}

/** The chain with its events in full. */
export function chainToJson({ object, calls, events, cycleAt, patches }: CausalChain): JsonObject {
  const { id, type, data, version } = object;
  return {
    object: { id, type, data, version },
    calls: calls.map(({ request, answer }) => ({
      request: eventToJson(request),
      answer: answer === null ? null : eventToJson(answer),
    })),
    events: events.map(eventToJson),
    cycle_at: cycleAt,
    patches: patches.map(({ version: reached, changes, proposedBy, event, cause }) => ({
      version: reached,
      fields: changes.map(({ field }) => field),
      proposed_by: proposedBy,
      event: eventToJson(event),
      cause: cause === null ? null : eventToJson(cause),
    })),
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

function patchLines({ event, cause, version, proposedBy, rationale, changes }: PatchLink): readonly string[] {
  const proposer = proposedBy === null || proposedBy === event.actor ? '' : line` proposed_by=${proposedBy}`;
  return [
    `${indent(0)}← ${stepText(event)}  ${line`version=${version} at=${event.timestamp}`}${proposer}`,
    ...(changes.length === 0 ? ['(no change)'] : changes.map(changeText)).map((text) => indent(1) + text),
    ...(rationale === '' ? [] : [`${indent(1)}(${cut(rationale, rationaleColumns)})`]),
    ...(cause === null ? [] : [`${indent(1)}← ${stepText(cause)}`]),
  ];
}

/** Of a long value so much that one knows it again; `--json` has all of it. */
const valueColumns = 60;
const rationaleColumns = 120;

function changeText({ field, old, new: now }: PatchedField): string {
  const before = old === undefined ? '?' : cut(pythonText(old), valueColumns);
  return `${clean(field)}: ${before} -> ${cut(pythonText(now), valueColumns)}`;
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
