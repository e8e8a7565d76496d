/**
 * Decides what a behavior is: a frozen value that says what it reacts to and what it does. There is no registry: a runtime is
 * given the list of those that drive its run.
 */
import {
  type CancelSignal,
  checkedOptions,
  checkOptionNames,
  type JsonObject,
  jsonSchemaOf,
  type Random,
  type Schema,
  wrongArgument,
} from '../base/index.ts';
import type { OutputForm, Tool, ToolAnswer } from '../effects/index.ts';
import {
  checkViewSpec,
  checkWhere,
  type GraphReader,
  type GraphWriter,
  type Relation,
  type View,
  type ViewSpec,
  type Where,
} from '../graph/index.ts';
import { isQueueVisible } from '../log/index.ts';
import { parseActivateAfter } from './activate-after.ts';
import { checkForms } from './declared-forms.ts';
import { neverFires, noEvent, noEventType, notABehavior, unwritableSchema } from './errors.ts';
import type { EventOf, EventType } from './event-map.ts';
import { isName } from './name.ts';

/** What a run is for; shown to models, and named on every event as `frame_id`. */
export interface Frame {
  readonly goal: string;
  /** `frame_001` when it is left out. */
  readonly id?: string;
  readonly constraints?: readonly string[];
  readonly successCriteria?: readonly string[];
  readonly permissions?: readonly string[];
}

/** A change that waits for a person: what it would make, and why it was held. */
export interface PendingApproval {
  readonly id: string;
  readonly objectType: string;
  readonly data: JsonObject;
  readonly reason: string;
  readonly pack: string | null;
  /** The event that put it up. */
  readonly eventId: string;
}

/** What a handler may use besides the graph. Time, chance and the outside world are reached through it alone. */
export interface Context<Settings = unknown> {
  readonly behavior: string;
  readonly frame: Frame | null;
  /** Settings of the pack that the behavior belongs to; `undefined` outside packs. */
  readonly settings: Settings;
  /** Settings of a loaded pack by name. */
  packSettings(name: string): unknown;
  /** Repeatable chance: the same for this behavior and this event, in every replay. */
  readonly random: Random;
  /** The time of this invocation, as it stands in its `behavior.started` event. */
  readonly timestamp: string;
  /** Cancelled when the runtime closes. */
  readonly signal: CancelSignal;
  /** Calls a tool that the behavior lists in `tools`. Recorded: a resumed run gets the recorded answer. */
  callTool(name: string, args: object): Promise<ToolAnswer>;
  /** Puts an object up for approval instead of adding it. Returns the approval's id. */
  proposeObject(type: string, data: object, reason?: string): string;
}

/** What a handler gets: the event, the graph that it may change, its view, and its context. */
export interface HandlerInput<Event, Settings = unknown> {
  readonly event: Event;
  /** Changes are held back until the handler ends, and thrown away when it throws. */
  readonly graph: GraphWriter;
  readonly view: View;
  readonly ctx: Context<Settings>;
}

/** What a condition of a behavior may look at. It cannot change the graph. */
export interface WhenInput<Event> {
  readonly event: Event;
  readonly graph: GraphReader;
}

type Handler<Input> = (input: Input) => unknown;

interface Subscription<Type extends EventType> {
  /** Unique among the behaviors of a run. */
  readonly name: string;
  /** Event types, spelled out. Without any, the behavior sees every event that is not about the loop itself. */
  readonly on?: Type | readonly Type[];
  /** Filter on the payload of the event. */
  readonly where?: Where;
  readonly view?: ViewSpec;
  /** Whether to react, decided on the graph as it stands when the event is taken from the queue. Pure. */
  readonly when?: (input: WhenInput<EventOf<Type>>) => boolean;
  /** React only after this many further events have been processed. */
  readonly activateAfter?: number | string;
  /** Tools that the behavior may call. */
  readonly tools?: readonly (Tool | string)[];
}

/** What a behavior is declared with: to what it listens, and the handler; the type of its event reaches the handler. */
export interface BehaviorOptions<Type extends EventType, Settings = unknown> extends Subscription<Type> {
  /** May be asynchronous. Throwing ends the invocation as `behavior.failed`; the run goes on. */
  readonly run: Handler<HandlerInput<EventOf<Type>, Settings>>;
}

/** What a behavior on relations is declared with; it runs once for each relation that fits the event. */
export interface RelationBehaviorOptions<
  Type extends EventType,
  Settings = unknown,
> extends Subscription<Type> {
  /** Fires once for each relation of this type that has an endpoint named in the event's payload. */
  readonly relationType: string;
  readonly run: Handler<HandlerInput<EventOf<Type>, Settings> & { readonly relation: Relation }>;
}

/** What a behavior that asks a model is declared with; the schema of `output` types the answer for the handler. */
export interface LlmBehaviorOptions<
  Type extends EventType,
  Output,
  Settings = unknown,
> extends Subscription<Type> {
  /** The role, as the model is told. */
  readonly description?: string;
  /** A model's name, or a function of the pack's settings; the provider's default without one. */
  readonly model?: string | ((settings: Settings) => string | null);
  readonly output?: Schema<Output>;
  /** Name of the output's form in the prompt; `Output` by default. */
  readonly outputName?: string;
  /** JSON Schema of the output, for schema libraries that cannot write it themselves. */
  readonly outputJsonSchema?: JsonObject;
  /** Types of objects that the answer is used for; tells the model its task. */
  readonly creates?: readonly string[];
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  /** Forces temperature 0 and top_p 1. */
  readonly deterministic?: boolean;
  /** 60,000 by default. */
  readonly timeoutMs?: number;
  /** How often the model may be asked in one invocation; 6 by default. */
  readonly maxToolTurns?: number;
  /** Text with `{system} {view} {event} {instruction}` instead of the standard layout. */
  readonly promptTemplate?: string;
  readonly run: Handler<
    HandlerInput<EventOf<Type>, Settings> & { readonly output: Output; readonly rawText: string }
  >;
}

/** What a behavior is: a function, one on relations, or one that asks a model. */
export type BehaviorKind = 'function' | 'relation' | 'llm';

/**
 * A behavior of any kind, with the types of its event and output forgotten: `never` accepts every handler, and the runtime
 * hands in what the declaring function promised.
 */
export interface Behavior {
  readonly kind: BehaviorKind;
  readonly name: string;
  readonly on: readonly string[];
  readonly where: Where | null;
  readonly when: ((input: never) => boolean) | null;
  readonly view: ViewSpec;
  readonly activateAfter: number | null;
  readonly tools: readonly (Tool | string)[];
  readonly relationType: string | null;
  readonly llm: LlmPart | null;
  readonly run: (input: never) => unknown;
}

export interface LlmPart {
  readonly description: string;
  readonly model: string | ((settings: never) => string | null) | null;
  readonly outputSchema: Schema | null;
  readonly outputForm: OutputForm | null;
  readonly creates: readonly string[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly timeoutMs: number;
  readonly maxToolTurns: number;
  readonly promptTemplate: string | null;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const behaviorNames: readonly string[] = Object.keys({
  name: true,
  on: true,
  where: true,
  view: true,
  when: true,
  activateAfter: true,
  tools: true,
  run: true,
} satisfies Record<keyof BehaviorOptions<EventType>, true>);
const relationNames: readonly string[] = [
  ...behaviorNames,
  ...Object.keys({ relationType: true } satisfies Record<
    Exclude<keyof RelationBehaviorOptions<EventType>, keyof BehaviorOptions<EventType>>,
    true
  >),
];
const llmNames: readonly string[] = [
  ...behaviorNames,
  ...Object.keys({
    description: true,
    model: true,
    output: true,
    outputName: true,
    outputJsonSchema: true,
    creates: true,
    maxTokens: true,
    temperature: true,
    topP: true,
    deterministic: true,
    timeoutMs: true,
    maxToolTurns: true,
    promptTemplate: true,
  } satisfies Record<
    Exclude<keyof LlmBehaviorOptions<EventType, unknown>, keyof BehaviorOptions<EventType>>,
    true
  >),
];

/** A behavior that runs a function. */
export function behavior<const Type extends EventType = string, Settings = unknown>(
  options: BehaviorOptions<Type, Settings>,
): Behavior {
  const { run } = checkedOptions('behavior', options);
  checkOptionNames('behavior', options, behaviorNames);
  checkForms('behavior', options);
  return declared('function', options, { relationType: null, llm: null, run });
}

/** A behavior that runs once for each relation that an event touches. */
export function relationBehavior<const Type extends EventType = string, Settings = unknown>(
  options: RelationBehaviorOptions<Type, Settings>,
): Behavior {
  const { relationType, run } = checkedOptions('relationBehavior', options);
  checkOptionNames('relationBehavior', options, relationNames);
  checkForms('relationBehavior', options);
  if (!isName(relationType))
    throw wrongArgument('relationBehavior', '`relationType` as a text', relationType);
  return declared('relation', options, { relationType, llm: null, run });
}

/** A behavior that asks a model first; its handler gets the validated answer. */
export function llmBehavior<const Type extends EventType = string, Output = unknown, Settings = unknown>(
  options: LlmBehaviorOptions<Type, Output, Settings>,
): Behavior {
  const schema = checkedOptions('llmBehavior', options).output ?? null;
  checkOptionNames('llmBehavior', options, llmNames);
  checkForms('llmBehavior', options);
  const jsonSchema = options.outputJsonSchema ?? (schema === null ? null : jsonSchemaOf(schema));
  if (schema !== null && jsonSchema === null) throw unwritableSchema(options.name);
  const llm: LlmPart = Object.freeze({
    description: options.description ?? '',
    model: options.model ?? null,
    outputSchema: schema,
    outputForm: jsonSchema === null ? null : { name: options.outputName ?? 'Output', jsonSchema },
    creates: options.creates ?? [],
    maxTokens: options.maxTokens ?? 4096,
    temperature: options.deterministic === true ? 0 : (options.temperature ?? 0.7),
    topP: options.deterministic === true ? 1 : (options.topP ?? 1),
    timeoutMs: options.timeoutMs ?? 60_000,
    maxToolTurns: Math.max(1, options.maxToolTurns ?? 6),
    promptTemplate: options.promptTemplate ?? null,
  });
  return declared('llm', options, { relationType: null, llm, run: options.run });
}

function declared<Type extends EventType>(
  kind: BehaviorKind,
  options: Subscription<Type>,
  parts: Pick<Behavior, 'relationType' | 'llm' | 'run'>,
): Behavior {
  const { name } = options;
  if (!isName(name) || typeof parts.run !== 'function') throw notABehavior(kind, name);
  const view = Object.freeze({ ...copyOfView(options.view ?? {}) });
  checkViewSpec(view, name);
  return Object.freeze({
    kind,
    name,
    on: subscribedTypes(options),
    where: options.where === undefined ? null : checkWhere(options.where),
    when: options.when ?? null,
    view,
    activateAfter: options.activateAfter === undefined ? null : parseActivateAfter(options.activateAfter),
    tools: Object.freeze([...(options.tools ?? [])]),
    ...parts,
  });
}

function copyOfView(view: ViewSpec): ViewSpec {
  const { includeTypes } = view;
  return includeTypes === undefined ? view : { ...view, includeTypes: Object.freeze([...includeTypes]) };
}

function subscribedTypes<Type extends EventType>({ name, on }: Subscription<Type>): readonly string[] {
  const types: readonly unknown[] = on === undefined ? [] : Array.isArray(on) ? on : [on];
  if (on !== undefined && types.length === 0) throw noEvent(name);
  if (!types.every(isName)) throw noEventType(name);
  const silent = types.find((type) => !isQueueVisible(type));
  if (silent !== undefined) throw neverFires({ behavior: name, eventType: silent });
  return Object.freeze([...types]);
}
