/**
 * Decides how spans leave the package: opened with a parent and a moment, ended with another moment, so that a span can be told of
 * when what it covers is durable.
 */
import type { Redactor } from '../secrets/redactor.ts';

/** Values that every backend of spans takes. */
export type SpanValue = string | number | boolean | readonly string[];
/** Attributes of a span; the GenAI names stand in `attributeNames`. */
export type SpanAttributes = Readonly<Record<string, SpanValue>>;

/** What is known of a span when it begins; `startMs` is milliseconds since 1970. */
export interface SpanStart {
  /** Of few kinds: no id stands in it. */
  readonly name: string;
  /** `client` for what goes out of the process. */
  readonly kind: 'internal' | 'client';
  readonly attributes: SpanAttributes;
  /** `null` hangs it below whatever span is active in the program. */
  readonly parent: OpenSpan | null;
  /** Milliseconds since 1970. */
  readonly startMs: number;
}

/** A span that was opened; after `end` nothing more is said of it. */
export interface OpenSpan {
  set(attributes: SpanAttributes): void;
  /** What it covers failed. `type` is a reason code or the name of a class. */
  fail(type: string, message: string): void;
  /** Milliseconds since 1970. */
  end(endMs: number): void;
  /** Does the work with this span as the active one, so that the spans of libraries hang below it. */
  within<Result>(work: () => Result): Result;
}

/** A backend of spans. What it throws is told once as a warning and goes no further. */
export interface Tracing {
  startSpan(span: SpanStart): OpenSpan;
}

/** The one way from the package to a backend of spans: nothing is thrown, and no secret is told. */
export class TracingOutlet implements Tracing {
  readonly #tracing: Tracing;
  readonly #redactor: Redactor | null;
  readonly #warn: (message: string) => void;
  #hasWarned = false;

  /** `warn` hears of the first failure of the backend. */
  constructor(tracing: Tracing, redactor: Redactor | null, warn: (message: string) => void) {
    this.#tracing = tracing;
    this.#redactor = redactor;
    this.#warn = warn;
  }

  startSpan(start: SpanStart): OpenSpan {
    // The backend knows the parent as the span that it made.
    const parent = start.parent instanceof GuardedSpan ? start.parent.inner : start.parent;
    const guard: Guard = (act) => this.#safely(act);
    const inner = this.#safely(() => this.#tracing.startSpan({ ...start, parent }));
    return new GuardedSpan(inner ?? null, guard, this.#redactor);
  }

  #safely<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      if (!this.#hasWarned) {
        this.#hasWarned = true;
        const what = error instanceof Error ? error.message : String(error);
        this.#warn(`a backend of spans failed, and is told no failure again: ${what}`);
      }
      return undefined;
    }
  }
}

type Guard = <Result>(act: () => Result) => Result | undefined;

class GuardedSpan implements OpenSpan {
  readonly inner: OpenSpan | null;
  readonly #guard: Guard;
  readonly #redactor: Redactor | null;

  constructor(inner: OpenSpan | null, guard: Guard, redactor: Redactor | null) {
    this.inner = inner;
    this.#guard = guard;
    this.#redactor = redactor;
  }

  set(attributes: SpanAttributes): void {
    this.#guard(() => this.inner?.set(attributes));
  }

  fail(type: string, message: string): void {
    this.#guard(() => this.inner?.fail(type, this.#redactor?.text(message) ?? message));
  }

  end(endMs: number): void {
    this.#guard(() => this.inner?.end(endMs));
  }

  within<Result>(work: () => Result): Result {
    let done: { readonly result: Result } | null = null;
    let thrown: { readonly error: unknown } | null = null;
    this.#guard(() =>
      this.inner?.within(() => {
        try {
          done = { result: work() };
        } catch (error) {
          thrown = { error };
        }
      }),
    );
    return outcome(done, thrown, work);
  }
}

/** What the work came to; it is done here when the backend failed before it came to it. */
function outcome<Result>(
  done: { readonly result: Result } | null,
  thrown: { readonly error: unknown } | null,
  work: () => Result,
): Result {
  if (thrown !== null) throw thrown.error;
  return done === null ? work() : done.result;
}
