/**
 * Decides how an event reads in a trace: a tag column of 26 characters, then a body by type. The format is a contract: programs
 * and people compare traces line by line. Any payload is accepted, whoever wrote it.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import { countText } from '../text/number-text.ts';
import { type Paint, plainPaint, type Style } from '../text/paint.ts';
import { clean, line } from '../text/printable.ts';
import { isTruthy, pythonText } from '../text/python-text.ts';
import { redactionNoteText } from '../text/redaction-note.ts';
import { modelAnswerBody, modelRequestBody, toolAnswerBody, toolRequestBody } from './call-body.ts';
import { field, fieldText, listed } from './payload-field.ts';

/** Colours of a trace, and whether what was only normalized is left out. */
export interface TraceOptions {
  readonly paint?: Paint;
  /** True when a header line says it for all model calls; `flagsLine` makes that line. */
  readonly hidesNormalized?: boolean;
}

const tagColumn = 26;

/** The lines of an event: one, or one for each field that a patch changed. */
export function traceLines(event: LogEvent, options: TraceOptions = {}): readonly string[] {
  const { paint = plainPaint } = options;
  const body = bodies.get(event.type);
  const tag = body === undefined ? 'event.emitted' : event.type;
  const made = body === undefined ? `${event.type} ${emittedBody(event)}`.trimEnd() : body(event, options);
  return (typeof made === 'string' ? [made] : made).map(
    (text) => paint(styleOf(tag), tagText(tag)) + clean(text),
  );
}

/** What a trace says of an event behind its tag, for whoever writes the type in another way. */
export function eventBodies(event: LogEvent): readonly string[] {
  const made = (bodies.get(event.type) ?? emittedBody)(event, {});
  return (typeof made === 'string' ? [made] : made).map(clean);
}

/** `[tag]` filled up to the column; a longer one is followed by one blank. */
export function tagText(tag: string): string {
  const bracketed = line`[${tag}]`;
  return bracketed.length >= tagColumn ? `${bracketed} ` : bracketed.padEnd(tagColumn);
}

function styleOf(tag: string): Style {
  if (tag === 'behavior.failed' || tag === 'patch.rejected' || tag === 'runtime.budget_exhausted')
    return 'bad';
  if (tag === 'goal.created') return 'strong';
  return /^(behavior|relation_behavior|runtime|pattern)\./.test(tag) ? 'dim' : 'name';
}

type Body = (event: LogEvent, options: TraceOptions) => string | readonly string[];

const bodies: ReadonlyMap<string, Body> = new Map<string, Body>([
  ['goal.created', ({ actor, payload }) => `${actor ?? 'user'}: "${fieldText(payload, 'goal', '')}"`],
  ['object.created', ({ payload }) => objectBody(payload)],
  ['object.removed', ({ payload }) => fieldText(payload, 'id')],
  ['relation.created', ({ payload }) => relationBody(payload)],
  ['relation.removed', ({ payload }) => fieldText(payload, 'id')],
  ['patch.applied', ({ payload }) => appliedBodies(payload)],
  ['patch.proposed', ({ payload }) => proposedBody(payload)],
  ['patch.rejected', ({ payload }) => `${fieldText(payload, 'patch_id')}: ${fieldText(payload, 'reason')}`],
  ['behavior.started', ({ payload }) => startedBody(payload)],
  [
    'relation_behavior.started',
    ({ payload }) =>
      `${fieldText(payload, 'behavior')}  (matched ${fieldText(payload, 'triggering_event_type')} on ${fieldText(payload, 'relation_type')} edge)`,
  ],
  ['behavior.completed', ({ payload }) => completedBody(payload)],
  [
    'behavior.failed',
    ({ payload }) =>
      `${fieldText(payload, 'behavior')}: ${fieldText(payload, 'exception_type')}: ${fieldText(payload, 'message', '')}`,
  ],
  [
    'behavior.scheduled',
    ({ id, payload }) =>
      `${id}  ${fieldText(payload, 'behavior')}  activate_after=${delayText(payload['activate_after'])}`,
  ],
  [
    'pattern.matched',
    ({ id, payload }) =>
      `${id}  ${fieldText(payload, 'behavior')}  matches=${fieldText(payload, 'matches_count', '0')}`,
  ],
  ['llm.requested', (event, { hidesNormalized }) => modelRequestBody(event, hidesNormalized === true)],
  ['llm.responded', modelAnswerBody],
  ['tool.requested', toolRequestBody],
  ['tool.responded', toolAnswerBody],
  ['pack.loaded', ({ payload }) => packBody(payload)],
  ['promote.applied', ({ payload }) => promotedBody(payload)],
  ['runtime.recording', ({ payload }) => `asks afresh from ${fieldText(payload, 'from_event')}`],
  ['runtime.idle', () => 'queue empty, budget remaining'],
  ['runtime.budget_exhausted', ({ payload }) => `stopped: ${fieldText(payload, 'exhausted_by')}`],
]);

function objectBody(payload: JsonObject): string {
  const object = field(payload, 'object');
  const data = field(object, 'data');
  const label = labelOf(data);
  const status = isTruthy(data['status']) ? ` (${pythonText(data['status'])})` : '';
  return `${fieldText(object, 'id')}${label === null ? '' : ` "${label}"`}${status}`;
}

/** What a person calls an object by: its title, or else its text. */
export function labelOf(data: JsonObject): string | null {
  const found = [data['title'], data['text']].find((value) => isTruthy(value));
  return found === undefined ? null : pythonText(found);
}

function relationBody(payload: JsonObject): string {
  const relation = field(payload, 'relation');
  return `${fieldText(relation, 'source')} --${fieldText(relation, 'type')}--> ${fieldText(relation, 'target')}`;
}

function appliedBodies(payload: JsonObject): readonly string[] {
  const target = fieldText(payload, 'target');
  const changes = Object.entries(field(payload, 'diff'));
  if (changes.length === 0) return [`${target} (no change)`];
  return changes.map(([name, change]) => {
    const { old, new: now } = isJsonObject(change) ? change : {};
    return `${target} ${name}: ${pythonText(old)} -> ${pythonText(now)}`;
  });
}

function proposedBody(payload: JsonObject): string {
  const patch = field(payload, 'patch');
  return `${fieldText(patch, 'target')} ${fieldText(patch, 'op')} by ${fieldText(patch, 'proposed_by')}`;
}

function startedBody(payload: JsonObject): string {
  const name = fieldText(payload, 'behavior');
  const { triggering_event_type: type, triggering_object_id: objectId } = payload;
  return isTruthy(type) && isTruthy(objectId)
    ? `${name}  (matched ${pythonText(type)}: ${pythonText(objectId)})`
    : name;
}

function completedBody(payload: JsonObject): string {
  const name = fieldText(payload, 'behavior');
  const objects = countOf(payload['objects_created']);
  const relations = countOf(payload['relations_created']);
  return objects + relations >= 2
    ? `${name} (${countText(objects, 'object')}, ${countText(relations, 'relation')})`
    : name;
}

function delayText(value: JsonValue | undefined): string {
  const count = countOf(value);
  return `${count}_${count === 1 ? 'event' : 'events'}`;
}

function packBody(payload: JsonObject): string {
  const counts: readonly (readonly [number, string, string])[] = [
    [listed(payload['object_types']), 'object_type', 'object_types'],
    [listed(payload['relation_types']), 'relation_type', 'relation_types'],
    [listed(payload['behaviors']), 'behavior', 'behaviors'],
    [listed(payload['tools']), 'tool', 'tools'],
    [listed(payload['policies']), 'policy', 'policies'],
    [listed(payload['prompts']), 'prompt', 'prompts'],
  ];
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, noun, plural]) => countText(count, noun, plural));
  return `${fieldText(payload, 'name')} v${fieldText(payload, 'version')} (${parts.join(', ')})`;
}

function promotedBody(payload: JsonObject): string {
  const counts = field(payload, 'counts');
  const sum = (...names: readonly string[]): number =>
    names.reduce((total, name) => total + countOf(counts[name]), 0);
  const parts: readonly (readonly [string, number])[] = [
    ['+', sum('objects_created', 'relations_created')],
    ['~', sum('objects_patched')],
    ['-', sum('objects_removed', 'relations_removed')],
  ];
  const told = parts.filter(([, count]) => count > 0).map(([sign, count]) => `${sign}${count}`);
  return `${fieldText(payload, 'fork')} -> here (${told.join(' ')}) forked_at=${fieldText(payload, 'at_event')} by=${fieldText(payload, 'by')}`;
}

function emittedBody({ payload, redacted }: LogEvent): string {
  if (redacted !== undefined) return `(${redactionNoteText(redacted)})`;
  return Object.entries(payload)
    .map(([key, value]) => `${key}=${pythonText(value)}`)
    .join(' ');
}

function countOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
