/**
 * Decides what a model reads when a behavior asks it: who it is, what it may see of the graph, what has happened, and what
 * to do. The same input gives the same text on every machine, because the text is hashed into the key of the answer.
 */
import {
  canonicalJson,
  defineKey,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../base/index.ts';
import { exampleInstance } from './example-instance.ts';
import { indentedJson } from './indented-json.ts';
import type { OutputForm } from './model-port.ts';
import { fillTemplate } from './prompt-template.ts';

/** The part of the graph that a prompt shows. */
export interface PromptView {
  /** Steps that the view goes along relations; `null` for a view of the whole graph. */
  readonly depth: number | null;
  /** The object that the view is about. */
  readonly around: string | null;
  readonly objects: readonly { readonly id: string; readonly type: string; readonly data: JsonObject }[];
  readonly relations: readonly { readonly source: string; readonly type: string; readonly target: string }[];
  /**
   * What happened lately, oldest first; `tail` says about what, or is empty. `null` when the view does not show events: the
   * prompt then holds no event id at all, so that recorded answers stay valid when ids shift.
   */
  readonly recentEvents:
    | readonly { readonly id: string; readonly type: string; readonly tail: string }[]
    | null;
}

/** All that a prompt is made of: the behavior, the frame, the view and the event, and the form of the answer. */
export interface PromptInput {
  /** Name of the behavior that asks. */
  readonly behavior: string;
  readonly description: string;
  readonly frame: { readonly goal: string; readonly constraints: readonly string[] } | null;
  readonly outputForm: OutputForm | null;
  /** Types of the objects that are made from the answer. */
  readonly creates: readonly string[];
  readonly view: PromptView;
  readonly event: {
    readonly type: string;
    readonly actor: string | null;
    readonly payload: JsonObject;
    readonly id: string;
  };
  /** Replaces the usual order of the user text, see `fillTemplate`. Where it places `{system}`, the system text moves there. */
  readonly template?: string;
}

/** The two texts that a model is asked with. */
export interface Prompt {
  readonly system: string;
  readonly user: string;
}

/** Builds both texts. Objects, relations and events keep the order they come in. Throws `llm.prompt_assembly_error`. */
export function buildPrompt(input: PromptInput): Prompt {
  const system = systemText(input);
  const view = viewText(input.view);
  const event = eventText(input.event, input.view.recentEvents !== null);
  const instruction = instructionText(input.outputForm, input.creates);
  if (input.template === undefined) {
    return { system, user: blocks(view, `## Triggering event\n${event}`, `## Task\n${instruction}`) };
  }
  const { text, placed } = fillTemplate(input.template, { system, view, event, instruction });
  return { system: placed.has('system') ? '' : system, user: text };
}

function systemText({ behavior, description, frame, outputForm }: PromptInput): string {
  return blocks(
    `You act as the behavior "${behavior}" in an agent run whose state is a graph.`,
    frame === null || frame.goal === '' ? null : `Mission: ${frame.goal}`,
    frame === null || frame.constraints.length === 0 ? null : `Constraints:\n${list(frame.constraints)}`,
    description === '' ? null : `Role: ${description}`,
    outputForm === null ? null : formText(outputForm),
  );
}

function formText({ name, jsonSchema }: OutputForm): string {
  return blocks(
    `Your answer is one JSON value of the form "${name}". The schema below describes that value: fill the form in, do not send the schema back.`,
    `Schema:\n${indentedJson(jsonSchema)}`,
    `An answer of this form, with placeholders for its values:\n${canonicalJson(exampleInstance(jsonSchema))}`,
  );
}

function viewText({ depth, around, objects, relations, recentEvents }: PromptView): string {
  const scope = [
    depth === null ? null : `depth=${depth}`,
    around === null ? null : `around=${around}`,
  ].filter((part) => part !== null);
  return blocks(
    `## Graph context${scope.length === 0 ? '' : ` (${scope.join(', ')})`}`,
    `### Objects\n${list(objects.map(({ id, type, data }) => `${id} (${type}): ${canonicalJson(data)}`))}`,
    `### Relations\n${list(relations.map(({ source, type, target }) => `${source} --${type}--> ${target}`))}`,
    recentEvents === null
      ? null
      : `### Recent events\n${list(recentEvents.map(({ id, type, tail }) => `${id} ${type} ${tail}`.trimEnd()))}`,
  );
}

function eventText({ type, actor, payload, id }: PromptInput['event'], showsId: boolean): string {
  const json = indentedJson(withoutBookkeeping(payload));
  // A text in the payload may hold a fence of its own: ours is longer, so that it cannot be closed from inside.
  const longest = Math.max(2, ...[...json.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const lines = [...(showsId ? [`id: ${id}`] : []), `type: ${type}`, `actor: ${actor ?? '?'}`, 'payload:'];
  return `${list(lines)}\n${fence}json\n${json}\n${fence}`;
}

function instructionText(outputForm: OutputForm | null, creates: readonly string[]): string {
  const types = creates.join(', ');
  if (outputForm === null) {
    return creates.length === 0
      ? 'Say what should follow from this event.'
      : `Say which objects of type ${types} should be made because of this event.`;
  }
  const form = `Answer with one JSON value of the form "${outputForm.name}": the filled-in value, as in the example, not the schema.`;
  return creates.length === 0 ? form : `${form} It is used to make objects of type ${types}.`;
}

/** When, in which run and by whom a thing was made is for the log: it differs between runs whose meaning is the same. */
function withoutBookkeeping(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(withoutBookkeeping);
  if (!isJsonObject(value)) return value;
  const kept: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(value)) {
    if (!bookkeeping.has(key)) defineKey(kept, key, withoutBookkeeping(child));
  }
  return kept;
}

const bookkeeping: ReadonlySet<string> = new Set(['provenance', 'timestamp', 'run_id']);

function blocks(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('\n\n');
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '- (none)' : lines.map((line) => `- ${line}`).join('\n');
}
