/**
 * Decides what a tool is: a named function of the outside world whose every call is recorded, and who carries the call out
 * (directly, from recorded fixtures, or recording on the way). A tool sees its arguments, never the graph.
 */
import {
  checkedOptions,
  checkOptionNames,
  checkParts,
  canonicalJson,
  type CancelSignal,
  type JsonObject,
  jsonSchemaOf,
  type JsonValue,
  type PartForms,
  type Schema,
  type Sha256,
  type Usd,
} from '../base/index.ts';
import { invalidToolRegistration } from './errors.ts';
import type { ToolDefinition } from './model-port.ts';

/** What a tool knows of its call: the behavior and event behind it, a stable key, its time limit, its signal. */
export interface ToolContext {
  readonly behavior: string;
  /** The event that the calling behavior reacts to. */
  readonly eventId: string;
  /** The same for every attempt at one recorded call. Hand it to whatever can deduplicate. */
  readonly idempotencyKey: string;
  readonly timeoutMs: number;
  readonly signal: CancelSignal;
}

/** A frozen value; made by `tool()`. */
export interface Tool {
  readonly kind: 'tool';
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Schema | null;
  readonly outputSchema: Schema | null;
  readonly inputJsonSchema: JsonObject;
  readonly costPerCallUsd: Usd;
  readonly timeoutMs: number;
  /** True when equal arguments always give an equal result. */
  readonly deterministic: boolean;
  /** True when a pack offers the tool outside itself under its short name. */
  readonly exportGlobally: boolean;
  readonly run: (args: JsonObject, context: ToolContext) => unknown;
}

/** What a tool is declared with: name, schemas, cost for each call (dollars), time limit, and the function. */
export interface ToolOptions<Input> {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: Schema<Input>;
  readonly outputSchema?: Schema;
  /** JSON Schema of the arguments, for schema libraries that cannot write it themselves. */
  readonly inputJsonSchema?: JsonObject;
  /** Decimal text in US dollars, `"0"` by default. */
  readonly costPerCallUsd?: Usd;
  /** 30,000 by default. */
  readonly timeoutMs?: number;
  readonly deterministic?: boolean;
  readonly exportGlobally?: boolean;
  /** May be asynchronous. Throw `ToolError` to name a reason; anything else is `tool.execution_error`. */
  readonly run: (args: Input, context: ToolContext) => unknown;
}

/** The name of every option: one that is missing here does not compile. What was made already is taken again, with its `kind`. */
const optionNames: readonly string[] = Object.keys({
  kind: true,
  name: true,
  description: true,
  inputSchema: true,
  outputSchema: true,
  inputJsonSchema: true,
  costPerCallUsd: true,
  timeoutMs: true,
  deterministic: true,
  exportGlobally: true,
  run: true,
} satisfies Record<keyof Tool | keyof ToolOptions<unknown>, true>);

const forms = {
  description: ['text'],
  inputJsonSchema: ['object'],
  costPerCallUsd: ['text'],
  timeoutMs: ['number'],
  deterministic: ['boolean'],
  exportGlobally: ['boolean'],
} as const satisfies PartForms;

/** Declares a tool. Arguments are validated by `inputSchema` before `run` sees them. */
export function tool<Input = JsonObject>(options: ToolOptions<Input>): Tool {
  checkOptionNames('tool', checkedOptions('tool', options), optionNames);
  if (typeof options.name !== 'string' || options.name === '' || typeof options.run !== 'function') {
    throw invalidToolRegistration({ found: typeof options });
  }
  checkParts('tool', options, forms);
  const { run } = options;
  const inputSchema = options.inputSchema ?? null;
  return Object.freeze({
    kind: 'tool',
    name: options.name,
    description: options.description ?? '',
    inputSchema,
    outputSchema: options.outputSchema ?? null,
    inputJsonSchema: options.inputJsonSchema ??
      (inputSchema === null ? null : jsonSchemaOf(inputSchema)) ?? { type: 'object', properties: {} },
    costPerCallUsd: options.costPerCallUsd ?? '0',
    timeoutMs: options.timeoutMs ?? 30_000,
    deterministic: options.deterministic ?? false,
    exportGlobally: options.exportGlobally ?? false,
    // The dispatcher validates with `inputSchema` first, so what arrives here has the type that the schema gives.
    run: (args: JsonObject, context: ToolContext) => run(args as Input, context),
  });
}

/** What a tool answered, how long it took (seconds), what it cost (dollars). */
export interface ToolAnswer {
  readonly output: JsonValue;
  readonly latencySeconds: number;
  readonly costUsd: Usd;
}

/** Who carries a call out. Failures are thrown. */
export interface ToolInvoker {
  invoke(tool: Tool, args: JsonObject, context: ToolContext): Promise<ToolAnswer>;
}

/** The key of a call in fixtures and caches: SHA-256 of the canonical JSON of `{ tool, args }`. */
export function argsHash(toolName: string, args: JsonObject, sha256: Sha256): string {
  return sha256(canonicalJson({ tool: toolName, args }));
}

/** What a model is told of a tool: name, description, schema of its input. */
export function toolDefinition(of: Tool): ToolDefinition {
  return { name: of.name, description: of.description, inputSchema: of.inputJsonSchema };
}
