/**
 * Decides how the behaviors of a run are listed. The opening records of a run say which were registered; its log says which
 * reacted, and how that ended. Neither needs the program.
 */
import { isJsonArray, type JsonObject, type JsonValue } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { BehaviorSummary } from '../../runtime/index.ts';
import { line, pad } from '../text/printable.ts';

/** A behavior, and what it has done so far. */
export interface BehaviorEntry extends BehaviorSummary {
  readonly started: number;
  readonly failed: number;
}

interface Seen {
  kind: BehaviorSummary['kind'];
  readonly subscribedTo: Set<string>;
  started: number;
  failed: number;
}

/** The event types that a tally needs to see. */
export const tallyTypes: readonly string[] = [
  'behavior.started',
  'relation_behavior.started',
  'behavior.failed',
  'llm.requested',
  'pack.loaded',
];

/** Takes in the events of a run and knows which behaviors there are. */
export class BehaviorTally {
  readonly #seen = new Map<string, Seen>();

  add({ type, payload }: LogEvent): void {
    if (type === 'pack.loaded') {
      for (const name of texts(payload['behaviors'])) this.#of(name);
      return;
    }
    const { behavior, triggering_event_type: trigger } = payload;
    if (typeof behavior !== 'string') return;
    const seen = this.#of(behavior);
    if (type === 'behavior.failed') seen.failed += 1;
    if (type === 'llm.requested') seen.kind = 'llm';
    if (type === 'relation_behavior.started') seen.kind = 'relation';
    if (type !== 'behavior.started' && type !== 'relation_behavior.started') return;
    seen.started += 1;
    if (typeof trigger === 'string') seen.subscribedTo.add(trigger);
  }

  /**
   * Those that were registered, in their order, then those that only the log knows. Of the latter, the event types are those
   * that they have reacted to.
   */
  entries(registered: readonly BehaviorSummary[]): readonly BehaviorEntry[] {
    const known = new Set(registered.map(({ name }) => name));
    const declared = registered.map((summary) => {
      const { started = 0, failed = 0 } = this.#seen.get(summary.name) ?? {};
      return { ...summary, started, failed };
    });
    const others = [...this.#seen].filter(([name]) => !known.has(name));
    return [
      ...declared,
      ...others.map(([name, { kind, subscribedTo, started, failed }]) => ({
        name,
        kind,
        subscribedTo: [...subscribedTo],
        activateAfter: null,
        started,
        failed,
      })),
    ];
  }

  #of(name: string): Seen {
    const found = this.#seen.get(name) ?? {
      kind: 'function',
      subscribedTo: new Set<string>(),
      started: 0,
      failed: 0,
    };
    this.#seen.set(name, found);
    return found;
  }
}

/** What `--json` prints of the behaviors of a run. */
export function behaviorsToJson(entries: readonly BehaviorEntry[]): readonly JsonObject[] {
  return entries.map(({ name, kind, subscribedTo, activateAfter, started, failed }) => ({
    name,
    kind,
    subscribed_to: [...subscribedTo],
    activate_after: activateAfter,
    started,
    failed,
  }));
}

/** The lines that a person reads of the behaviors of a run. */
export function behaviorsText(entries: readonly BehaviorEntry[]): readonly string[] {
  if (entries.length === 0) return ['(no behaviors registered in this run)'];
  const lines = behaviorLines(entries);
  return entries.map(
    ({ started, failed }, index) =>
      `${lines[index] ?? ''}  started=${started}${failed === 0 ? '' : ` failed=${failed}`}`,
  );
}

/** `  name(30) kind(10) on=types` */
export function behaviorLines(behaviors: readonly BehaviorSummary[]): readonly string[] {
  return behaviors.map(({ name, kind, subscribedTo, activateAfter }) => {
    const on = subscribedTo.length === 0 ? '(any event)' : line`on=${subscribedTo.join(',')}`;
    return `  ${pad(name, 30)} ${pad(kind, 10)} ${on}${activateAfter === null ? '' : ` after=${activateAfter}`}`;
  });
}

function texts(value: JsonValue | undefined): readonly string[] {
  return value !== undefined && isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
