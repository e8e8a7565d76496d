/**
 * Decides how a run is repeated in lockstep with its record: every event that the loop makes is compared with the recorded one
 * at the same place, and what came from outside is handed in exactly where it stands there.
 */
import { type Clock, isStructuredError } from '../../base/index.ts';
import type { EventForms, LogEvent, LogStore } from '../../log/index.ts';
import type { Behavior } from '../behavior.ts';
import type { Budget } from '../budget.ts';
import type { Bundle } from '../bundle.ts';
import { runtimeClosed } from '../errors.ts';
import { Loop } from '../loop.ts';
import { Journal, type Witness } from '../run/journal.ts';
import { type LoadedRun, stateAfter } from '../run/load-state.ts';
import type { Opening } from '../run/opening.ts';
import { type Difference, firstDifference, payloadDifference } from './compare.ts';
import { behaviorOf, type Divergence, kindOf, linkOf } from './divergence.ts';
import type { VerifyOptions } from './given.ts';
import { probablyChanged } from './probably-changed.ts';
import type { RecordedRun } from './recorded-run.ts';
import { RecordedWorld } from './recorded-world.ts';
import { stretchBudget } from './stretch-budget.ts';
import { stretchEngine } from './stretch-engine.ts';
import type { Stretch } from './stretches.ts';

export interface RepetitionOptions {
  readonly store: LogStore;
  readonly record: RecordedRun;
  readonly forms: EventForms;
  readonly options: VerifyOptions;
  /** Behaviors that some opening or the log names. */
  readonly knownNames: ReadonlySet<string>;
  /** Everything that is given, in the order in which it reacts. */
  readonly given: readonly Behavior[];
}

/** Nothing of a repetition is kept. */
const nowhere: Pick<LogStore, 'commit'> = {
  commit: async (parts) =>
    parts.map(({ logId, expected, events }) => {
      const seq = expected === 'any' ? events.length : expected + events.length;
      return { logId, seq, hash: '' };
    }),
};

export class Repetition implements Witness {
  divergence: Divergence | null = null;
  /** Counts of what was found again. */
  verified = 0;
  invocations = 0;
  calls = 0;
  readonly #parts: RepetitionOptions;
  readonly #world: RecordedWorld;
  #loaded: LoadedRun = stateAfter([]);
  #stretch: Stretch | null = null;
  #journal: Journal | null = null;
  #bundles: { readonly of: Opening | null; readonly loaded: Map<string, Bundle> } | null = null;
  #cancel: () => void = () => undefined;
  #isStopped = false;

  constructor(parts: RepetitionOptions) {
    this.#parts = parts;
    const { record, options } = parts;
    this.#world = new RecordedWorld({
      record,
      platform: options.platform,
      seq: () => this.#loaded.state.seq,
      onSilence: () => this.#stopped(),
      defaultModel: () => options.model?.defaultModel ?? this.#stretch?.opening?.model ?? null,
    });
  }

  /** Repeats one stretch, from where the log stood when it began. */
  async run(stretch: Stretch): Promise<void> {
    // Whoever opened the run in the middle of something read off the log how far it was; so does its repetition.
    if (!this.#isAtRest(stretch.fromSeq))
      this.#loaded = stateAfter(this.#parts.record.events.slice(0, stretch.fromSeq));
    this.#stretch = stretch;
    this.#isStopped = false;
    const canceller = this.#parts.options.platform.newCanceller();
    this.#cancel = () => canceller.abort();
    const journal = this.#openJournal(stretch);
    this.#journal = journal;
    const { state } = this.#loaded;
    this.#handIn();
    if (state.seq < stretch.toSeq && this.divergence === null)
      await this.#drive(stretch, this.#engineFor(stretch, journal, canceller.signal));
    this.verified = this.divergence === null ? state.seq : this.divergence.seq - 1;
    if (journal.end === null) await journal.settle();
  }

  /** Hands in what came from outside before the next event, and refuses events behind the end of the stretch. */
  before(): void {
    this.#handIn();
    if (this.#isDone()) throw this.#stopped();
  }

  /** Compares an event of the loop with the recorded one. */
  after(event: LogEvent): void {
    const recorded = this.#parts.record.at(event.seq);
    if (recorded === undefined) throw this.#stopped();
    const difference = firstDifference(recorded, event);
    if (difference !== null) throw this.#diverged(recorded, event, difference);
    if (event.type.endsWith('behavior.started')) this.invocations += 1;
    if (event.type === 'llm.requested' || event.type === 'tool.requested') this.calls += 1;
    // Nothing behind the end of the stretch is tried: whatever waited there, nobody would wait for it.
    if (this.#isDone()) throw this.#stopped();
  }

  async #drive(stretch: Stretch, engine: ReturnType<typeof stretchEngine>): Promise<void> {
    const { state } = this.#loaded;
    const { record, store } = this.#parts;
    while (state.seq < stretch.toSeq && !this.#isStopped) {
      const { seq } = state;
      const loop = new Loop(engine, store);
      try {
        await loop.run(null, () => this.#handIn());
      } catch (error) {
        // The end of a stretch and a difference end the loop from within.
        if (!this.#isStopped) throw error;
      }
      if (this.divergence !== null) return;
      this.#handIn();
      const recorded = record.at(state.seq + 1);
      if (recorded === undefined || state.seq >= stretch.toSeq) return;
      if (state.seq === seq || this.#isStopped)
        this.#diverged(recorded, null, { field: 'type', expected: recorded.type, actual: null });
    }
  }

  #handIn(): void {
    const { record } = this.#parts;
    const { state } = this.#loaded;
    const toSeq = this.#stretch?.toSeq ?? 0;
    while (state.seq < toSeq && this.divergence === null && record.isFromOutside(state.seq + 1)) {
      const event = record.at(state.seq + 1);
      if (event === undefined) return;
      this.#journal?.take(event);
      if (event.type === 'pack.loaded') this.#comparePack(event);
    }
  }

  /** What a pack says of itself when it is loaded is made by the program that loads it. */
  #comparePack(recorded: LogEvent): void {
    const pack = this.#parts.options.packs.find(({ name }) => name === recorded.payload['name']);
    if (pack === undefined) return;
    try {
      const payload = pack.loadedPayload(recorded.payload);
      const difference = payloadDifference(recorded.type, recorded.payload, payload);
      if (difference !== null) this.#diverged(recorded, { ...recorded, payload }, difference);
    } catch (error) {
      if (!isStructuredError(error)) throw error;
      const field = 'payload.settings';
      const expected = recorded.payload['settings'] ?? null;
      const payload = { ...recorded.payload, refused: error.summary };
      this.#diverged(recorded, { ...recorded, payload }, { field, expected, actual: error.summary });
    }
  }

  #diverged(recorded: LogEvent, made: LogEvent | null, difference: Difference): Error {
    const { options, record, given, knownNames } = this.#parts;
    const kind = kindOf(recorded, made, difference);
    const behavior = behaviorOf(recorded);
    this.divergence ??= {
      kind,
      seq: recorded.seq,
      eventId: recorded.id,
      eventType: recorded.type,
      ...(kind === 'length_mismatch' ? { field: 'type', expected: recorded.type, actual: null } : difference),
      behavior,
      causeChain: record.causesOf(recorded).map(linkOf),
      probablyChanged: probablyChanged({
        recorded,
        made,
        field: difference.field,
        behavior,
        opening: this.#stretch?.opening ?? null,
        knownNames,
        given,
        engineVersion: options.platform.engineVersion,
        defaultModel: options.model?.defaultModel ?? null,
        sha256: options.platform.sha256,
      }),
    };
    return this.#stopped();
  }

  /** Ends the loop, whatever it waits for. */
  #stopped(): Error {
    this.#isStopped = true;
    this.#cancel();
    return runtimeClosed({ runId: this.#parts.record.runId });
  }

  #isDone(): boolean {
    return this.#loaded.state.seq >= (this.#stretch?.toSeq ?? 0);
  }

  #isAtRest(seq: number): boolean {
    const { state } = this.#loaded;
    return state.seq === seq && state.queueDepth === 0 && state.open === null;
  }

  #openJournal(stretch: Stretch): Journal {
    const { state, tables } = this.#loaded;
    const { record, forms, options } = this.#parts;
    return new Journal({
      store: nowhere,
      lease: { logId: record.runId, epoch: 0 },
      state,
      tables,
      clock: this.#clockOf(stretch),
      forms,
      nowMs: options.platform.nowMs,
      onDurable: () => undefined,
      onFailure: () => undefined,
      witness: this,
    });
  }

  /** Time of a machine is what the record says it was. */
  #clockOf({ clock }: Stretch): Clock {
    const { record } = this.#parts;
    const recordedMs = (seq: number): number => {
      const event = record.at(Math.min(seq, record.length));
      const ms = Date.parse(event?.timestamp ?? '');
      return Number.isFinite(ms) ? ms : 0;
    };
    return clock ?? { kind: 'system', start: null, nowMs: recordedMs };
  }

  #engineFor(
    stretch: Stretch,
    journal: Journal,
    signal: Parameters<typeof stretchEngine>[0]['signal'],
  ): ReturnType<typeof stretchEngine> {
    const { record, forms, options, knownNames } = this.#parts;
    const { state } = this.#loaded;
    if (this.#bundles === null || this.#bundles.of !== stretch.opening)
      this.#bundles = { of: stretch.opening, loaded: new Map() };
    const budget: Budget = stretchBudget(stretch, record, state);
    return stretchEngine({
      runId: record.runId,
      platform: options.platform,
      forms,
      program: options,
      packs: options.packs,
      knownNames,
      loadedBundles: this.#bundles.loaded,
      stretch,
      budget,
      loaded: this.#loaded,
      journal,
      world: this.#world,
      signal,
    });
  }
}
