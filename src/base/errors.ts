/**
 * Decides what an error of this product is: a class with a stable code and three texts (what failed, why it is
 * refused, how to fix it), found by `instanceof` even when two copies of the package are loaded.
 */
import type { JsonObject } from './json.ts';

/** Where the page of an error code stands; the same pages ship in `docs/errors/`. */
const docsBaseUrl = 'https://runlog.dev/errors/';

/** The address of the page of an error. */
export function docUrlOf(code: string): string {
  return docsBaseUrl + code;
}

/** Every name in the lineage of an error, own class first. A registered symbol, so that copies of the package agree. */
const kindsMarker = Symbol.for('runlog.error.kinds');

/** What a raise site has to say. All texts are plain sentences; `context` is data for programs and must be JSON. */
export interface ErrorDetails {
  /** One line that stands alone, without the class name. */
  readonly summary: string;
  readonly whatFailed: string;
  /** The promise that the refusal protects. */
  readonly why: string;
  /** What to do next, with a command that works as typed where there is one. */
  readonly howToFix: string;
  readonly context?: JsonObject;
  readonly cause?: unknown;
}

/** What every error of this product carries besides the fields of `Error`. */
export interface StructuredError extends Error {
  readonly code: string;
  readonly summary: string;
  readonly whatFailed: string;
  readonly why: string;
  readonly howToFix: string;
  readonly docUrl: string;
  readonly context: JsonObject;
}

/** A class of this hierarchy. `code` is also the name of its page in the docs. */
export interface ErrorClass<Fields extends StructuredError = StructuredError> {
  new (details: ErrorDetails): Fields;
  readonly kinds: readonly string[];
  readonly code: string;
}

type Builtin = new (message: string, options?: { cause?: unknown }) => Error;

/** Thrown where other languages have a key or lookup error: something was asked for by name and is not there. */
export class NotFoundError extends Error {
  override readonly name: string = 'NotFoundError';
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== NotFoundError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return (
      kindsOf(value).includes('NotFoundError') ||
      Object.prototype.isPrototypeOf.call(this.prototype, Object(value))
    );
  }
}

/**
 * Makes a class of the hierarchy. The prototype chain follows `builtin`, the platform's class that callers may also test
 * for; the root and the categories are found through the marker, because JavaScript inherits from one class only.
 */
export function errorClass(
  name: string,
  parents: ErrorClass | readonly ErrorClass[],
  builtin: Builtin = Error,
  code = toCode(name),
): ErrorClass {
  const inherited = [parents].flat().flatMap((parent) => parent.kinds);
  const kinds = [name, ...(builtin === NotFoundError ? ['NotFoundError'] : []), ...new Set(inherited)];
  const made = class extends builtin implements StructuredError {
    static readonly kinds = kinds;
    static readonly code = code;
    override readonly name: string = name;
    readonly code = code;
    readonly summary: string;
    readonly whatFailed: string;
    readonly why: string;
    readonly howToFix: string;
    readonly docUrl = docUrlOf(code);
    readonly context: JsonObject;

    constructor(details: ErrorDetails) {
      super(renderMessage(details), details.cause === undefined ? undefined : { cause: details.cause });
      this.summary = details.summary;
      this.whatFailed = details.whatFailed;
      this.why = details.why;
      this.howToFix = details.howToFix;
      this.context = details.context ?? {};
      Object.defineProperty(this, kindsMarker, { value: kinds });
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      // A subclass made outside this file has no kind of its own: it falls back to the prototype chain.
      if (this !== made) return Function.prototype[Symbol.hasInstance].call(this, value);
      return kindsOf(value).includes(name);
    }
  };
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

/** True for every error of this product, whichever copy of the package made it. */
export function isStructuredError(value: unknown): value is StructuredError {
  return kindsOf(value).length > 0;
}

function kindsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const kinds: unknown = Reflect.get(value, kindsMarker);
  return Array.isArray(kinds) ? kinds.filter((kind) => typeof kind === 'string') : [];
}

function renderMessage(details: ErrorDetails): string {
  const section = (title: string, text: string): string =>
    `\n\n${title}:\n  ${text.replaceAll('\n', '\n  ')}`;
  return (
    details.summary +
    section('What failed', details.whatFailed) +
    section('Why', details.why) +
    section('How to fix', details.howToFix)
  );
}

/** `EventNotFoundError` -> `event-not-found-error`, `LLMBehaviorError` -> `llm-behavior-error`. */
function toCode(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
