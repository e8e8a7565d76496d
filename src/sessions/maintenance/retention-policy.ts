/**
 * Decides what a policy of retention may say and what it says where it is silent. A value that cannot be meant is refused with its
 * name, and all of them at once: a policy that is half understood deletes what nobody wanted deleted.
 */
import { isJsonObject, nearestNames } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { isSessionEventType, type SessionEventType } from '../model/event-types.ts';
import { type SessionStatus, sessionStatuses } from '../model/session.ts';
import { isKept } from './kept-types.ts';

/** `Infinity` stands for "without a limit". */
export interface RetentionPolicy {
  /** Sessions that were made more days ago than this are marked as deleted. No limit by default. */
  readonly maxSessionAgeDays: number;
  /** Sessions whose row was not changed for more days than this are marked as deleted. 90 by default. */
  readonly maxCompletedSessionAgeDays: number;
  /** Of the events of one session so many keep their data. No limit by default. */
  readonly maxEventsPerSession: number;
  /** Of the events of all sessions together so many keep their data. No limit by default. */
  readonly maxTotalEvents: number;
  /** Sessions that were marked as deleted more days ago than this go for good. 30 by default. */
  readonly hardDeleteAfterDays: number;
  /** Nothing is pruned and nothing goes for good that is not whole in `archiveStore`. `false` by default. */
  readonly archiveBeforePrune: boolean;
  /** Where sessions are copied to: the name that `openArchive` of the context understands, such as a URL. `null` by default. */
  readonly archiveStore: string | null;
  /** Where their artifacts are copied to. `null` by default: sessions with artifacts are kept then. */
  readonly archiveArtifacts: string | null;
  /** Sessions in these states are never marked as deleted. Active and paused by default. */
  readonly exemptStatuses: readonly SessionStatus[];
  /** Of sessions with one of these tags nothing goes at all. `pinned` by default. */
  readonly exemptTags: readonly string[];
  /** The types that are pruned before all others. `message_streamed` and `token_usage_updated` by default. */
  readonly pruneEventTypesFirst: readonly SessionEventType[];
  /** Sessions that are read at once, and events that one transaction prunes. 100 by default, at most 10,000. */
  readonly batchSize: number;
}

const byDefault: RetentionPolicy = Object.freeze({
  maxSessionAgeDays: Infinity,
  maxCompletedSessionAgeDays: 90,
  maxEventsPerSession: Infinity,
  maxTotalEvents: Infinity,
  hardDeleteAfterDays: 30,
  archiveBeforePrune: false,
  archiveStore: null,
  archiveArtifacts: null,
  exemptStatuses: Object.freeze(['active', 'paused'] as const),
  exemptTags: Object.freeze(['pinned']),
  pruneEventTypesFirst: Object.freeze(['message_streamed', 'token_usage_updated'] as const),
  batchSize: 100,
});

type Knob = keyof RetentionPolicy;
type LimitKnob =
  | 'maxSessionAgeDays'
  | 'maxCompletedSessionAgeDays'
  | 'maxEventsPerSession'
  | 'maxTotalEvents'
  | 'hardDeleteAfterDays';
const knobs: readonly Knob[] = [
  'maxSessionAgeDays',
  'maxCompletedSessionAgeDays',
  'maxEventsPerSession',
  'maxTotalEvents',
  'hardDeleteAfterDays',
  'archiveBeforePrune',
  'archiveStore',
  'archiveArtifacts',
  'exemptStatuses',
  'exemptTags',
  'pruneEventTypesFirst',
  'batchSize',
];

/** About 270 years: beyond it no moment can be written that lies so far back. */
const daysAtMost = 100_000;
const batchAtMost = 10_000;

/** The policy with everything filled in. Throws `ValidationError` that names every value which cannot be taken. */
export function retentionPolicy(given: Partial<RetentionPolicy> = {}): RetentionPolicy {
  return read(given, (knob) => knob);
}

/** As `retentionPolicy`, for what stands in a file: names in snake_case, and `null` or `"infinity"` for no limit. */
export function retentionPolicyFromJson(json: unknown): RetentionPolicy {
  return read(json, snakeOf);
}

function read(given: unknown, spelled: (knob: Knob) => string): RetentionPolicy {
  if (!isJsonObject(given)) throw refused(['a policy must be a map of its knobs'], []);
  const reader = new KnobReader(given, spelled);
  const policy: RetentionPolicy = Object.freeze({
    maxSessionAgeDays: reader.limit('maxSessionAgeDays', daysAtMost),
    maxCompletedSessionAgeDays: reader.limit('maxCompletedSessionAgeDays', daysAtMost),
    maxEventsPerSession: reader.limit('maxEventsPerSession', Number.MAX_SAFE_INTEGER),
    maxTotalEvents: reader.limit('maxTotalEvents', Number.MAX_SAFE_INTEGER),
    hardDeleteAfterDays: reader.limit('hardDeleteAfterDays', daysAtMost),
    archiveBeforePrune: reader.flag('archiveBeforePrune'),
    archiveStore: reader.place('archiveStore'),
    archiveArtifacts: reader.place('archiveArtifacts'),
    exemptStatuses: reader.statuses('exemptStatuses'),
    exemptTags: reader.texts('exemptTags'),
    pruneEventTypesFirst: reader.types('pruneEventTypesFirst'),
    batchSize: reader.count('batchSize', batchAtMost),
  });
  if (policy.archiveBeforePrune && policy.archiveStore === null)
    reader.refuse('archiveStore', `must be given when ${spelled('archiveBeforePrune')} is true`);
  if (policy.archiveArtifacts !== null && policy.archiveStore === null)
    reader.refuse('archiveArtifacts', `needs ${spelled('archiveStore')}`);
  reader.check();
  return policy;
}

/** Collects what is wrong; a value that is refused is read as its default until `check` throws. */
class KnobReader {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #spelled: (knob: Knob) => string;
  readonly #problems: string[] = [];
  readonly #fields: string[] = [];

  constructor(given: object, spelled: (knob: Knob) => string) {
    this.#given = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    this.#spelled = spelled;
    const known = knobs.map(spelled);
    for (const name of Object.keys(this.#given)) {
      if (known.includes(name)) continue;
      const [nearest] = nearestNames(name, known);
      this.#problems.push(
        `there is no knob '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
      );
      this.#fields.push(name);
    }
  }

  refuse(knob: Knob, wanted: string): void {
    this.#problems.push(`${this.#spelled(knob)} ${wanted}`);
    this.#fields.push(this.#spelled(knob));
  }

  check(): void {
    if (this.#problems.length > 0) throw refused(this.#problems, this.#fields);
  }

  limit(knob: LimitKnob, atMost: number): number {
    const value = this.#value(knob);
    if (value === undefined) return byDefault[knob];
    if (value === null || value === 'infinity' || value === Infinity) return Infinity;
    if (isCount(value, atMost)) return value;
    const bound = atMost === daysAtMost ? ` up to ${atMost}` : '';
    this.refuse(knob, `must be a whole number from 1${bound}, or null for no limit`);
    return Infinity;
  }

  count(knob: 'batchSize', atMost: number): number {
    const value = this.#value(knob) ?? byDefault[knob];
    if (isCount(value, atMost)) return value;
    this.refuse(knob, `must be a whole number from 1 to ${atMost}`);
    return byDefault[knob];
  }

  flag(knob: 'archiveBeforePrune'): boolean {
    const value = this.#value(knob) ?? byDefault[knob];
    if (typeof value === 'boolean') return value;
    this.refuse(knob, 'must be true or false');
    return false;
  }

  place(knob: 'archiveStore' | 'archiveArtifacts'): string | null {
    const value = this.#value(knob) ?? null;
    if (value === null || (typeof value === 'string' && value.trim() !== '')) return value;
    this.refuse(knob, 'must be a text that is not empty');
    return null;
  }

  texts(knob: 'exemptStatuses' | 'exemptTags' | 'pruneEventTypesFirst'): readonly string[] {
    const value = this.#value(knob);
    if (value === undefined) return byDefault[knob];
    const list: readonly unknown[] = Array.isArray(value) ? value : [null];
    const texts = list.filter((each) => typeof each === 'string');
    if (texts.length === list.length) return Object.freeze(texts);
    this.refuse(knob, 'must be a list of texts');
    return [];
  }

  statuses(knob: 'exemptStatuses'): readonly SessionStatus[] {
    return this.texts(knob).flatMap((text) => {
      const status = sessionStatuses.find((known) => known === text);
      if (status !== undefined) return [status];
      this.refuse(knob, `has '${text}', and the states are ${sessionStatuses.join(', ')}`);
      return [];
    });
  }

  types(knob: 'pruneEventTypesFirst'): readonly SessionEventType[] {
    return this.texts(knob).flatMap((text) => {
      if (!isSessionEventType(text)) this.refuse(knob, `has '${text}', and no event is of that type`);
      else if (isKept(text)) this.refuse(knob, `has '${text}', and events of that type are never pruned`);
      else return [text];
      return [];
    });
  }

  #value(knob: Knob): unknown {
    return this.#given[this.#spelled(knob)];
  }
}

function isCount(value: unknown, atMost: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= atMost;
}

function snakeOf(knob: string): string {
  return knob.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function refused(problems: readonly string[], fields: readonly string[]): Error {
  return sessionError('validation_error', problems.join('; '), {
    details: { fields: [...fields], problems: [...problems] },
    whatFailed: `A policy of retention was read: ${problems.join('; ')}.`,
    howToFix:
      'Correct what is named, and look at what would happen with a dry run before the policy is applied.',
  });
}
