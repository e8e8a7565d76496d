/**
 * Decides how an event that was written in an older form is read: raised step by step to the form that the program knows. What
 * is stored never changes; an event of a newer form than that stays readable as it is.
 */
import type { JsonObject } from '../base/index.ts';
import { isQueueVisible } from './event-types.ts';
import { intakePayload } from './intake.ts';
import { invalidUpcast, upcastFailed } from './upcast-errors.ts';

/** Turns payloads of one version into the next one. Has to be pure: it runs at every read. */
export type UpcastFunction = (payload: JsonObject) => object;

/** Made by `upcast()`. */
export interface Upcast {
  readonly kind: 'upcast';
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly fn: UpcastFunction;
}

/**
 * Declares how payloads of `type` in version `from` are read in version `to`. Events that were written without a version are
 * of version 1. Throws `InvalidUpcastError`.
 */
export function upcast(type: string, from: number, to: number, fn: UpcastFunction): Upcast {
  const step = { type, from, to };
  if (typeof type !== 'string' || type === '') throw invalidUpcast(step, 'it names no event type');
  if (!isQueueVisible(type) || type.startsWith('pack.') || type === 'behavior.failed')
    throw invalidUpcast(
      step,
      'events of this type are written by the runtime, which reads its own state off them',
    );
  if (![from, to].every((version) => Number.isSafeInteger(version) && version >= 1))
    throw invalidUpcast(step, 'versions are whole numbers from 1');
  if (from >= to) throw invalidUpcast(step, 'it does not lead to a later version');
  if (typeof fn !== 'function') throw invalidUpcast(step, 'it has no function');
  return Object.freeze({ kind: 'upcast', type, from, to, fn });
}

/** An event as far as its form matters. */
interface Versioned {
  readonly id: string;
  readonly type: string;
  readonly payload: JsonObject;
  readonly schemaVersion?: number | null;
}

/** The forms of payloads that a program knows: version 1 of every type, and what its upcasts lead to. */
export class EventForms {
  readonly #steps = new Map<string, readonly Upcast[]>();

  /** Throws `InvalidUpcastError` for two upcasts from one version, and for a version that no upcast leads on from. */
  constructor(upcasts: readonly Upcast[] = []) {
    for (const { type } of upcasts) {
      if (this.#steps.has(type)) continue;
      const steps = upcasts
        .filter((step) => step.type === type)
        .sort((left, right) => left.from - right.from);
      checkChain(steps);
      this.#steps.set(type, steps);
    }
  }

  /** True when some events are read in another form than they are stored in. */
  get hasUpcasts(): boolean {
    return this.#steps.size > 0;
  }

  /** The version in which events of a type are written. */
  versionOf(type: string): number {
    return this.#steps.get(type)?.at(-1)?.to ?? 1;
  }

  /** True for an event whose form is later than any that the program knows. */
  isNewer(event: Pick<Versioned, 'type' | 'schemaVersion'>): boolean {
    const version = event.schemaVersion ?? 1;
    return version > 1 && version > this.versionOf(event.type);
  }

  /** The event in the form that the program knows; a newer one as it is. Throws `UpcastError`. */
  raise<Event extends Versioned>(event: Event, logId: string): Event {
    // Without upcasts nothing is looked up: this runs for every event that is read.
    const steps = this.hasUpcasts ? this.#steps.get(event.type) : undefined;
    if (steps === undefined) return event;
    let version = event.schemaVersion ?? 1;
    let { payload } = event;
    while (version < this.versionOf(event.type)) {
      const at = { logId, eventId: event.id, type: event.type, from: version };
      const step = steps.find(({ from }) => from === version);
      if (step === undefined) throw upcastFailed({ ...at, problem: 'no upcast begins at this version' });
      payload = carriedOut(step, payload, at);
      version = step.to;
    }
    return version === (event.schemaVersion ?? 1) ? event : { ...event, payload, schemaVersion: version };
  }
}

/** Knows version 1 of every type. */
export const firstForms = new EventForms();

function carriedOut(
  { fn, to }: Upcast,
  payload: JsonObject,
  at: { readonly logId: string; readonly eventId: string; readonly type: string; readonly from: number },
): JsonObject {
  let made: unknown;
  try {
    made = fn(payload);
  } catch (cause) {
    throw upcastFailed({ ...at, to, problem: 'its function threw', cause });
  }
  try {
    return intakePayload(made).value;
  } catch (cause) {
    throw upcastFailed({ ...at, to, problem: 'its function returned no JSON object', cause });
  }
}

function checkChain(steps: readonly Upcast[]): void {
  let reached = 1;
  for (const step of steps) {
    if (step.from < reached && steps.filter(({ from }) => from === step.from).length > 1)
      throw invalidUpcast(step, `two upcasts begin at version ${step.from}`);
    if (step.from !== reached)
      throw invalidUpcast(step, `no upcast leads from version ${Math.min(reached, step.from)} to it`);
    reached = step.to;
  }
}
