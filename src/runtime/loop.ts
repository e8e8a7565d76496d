/**
 * Decides what happens next in a run: takes events from the queue in order, matches them, lets each match react, and says in
 * the log when there is nothing left to do or no budget to do it with.
 */
import type { LogEvent, LogStore } from '../log/index.ts';
import { budgetSnapshot, exhaustedBy } from './budget.ts';
import type { Engine } from './engine.ts';
import { Invocation } from './invocation/invocation.ts';
import { untilClosed } from './invocation/waiting.ts';
import {
  dependsOnGraph,
  isSubscribed,
  type Match,
  matchesOf,
  refusedMatch,
  refusedMatches,
} from './matching.ts';
import { fetchEvent, fetchWaiting } from './queue/fetch-events.ts';
import { graphBefore } from './run/past-graph.ts';
import type { CurrentEvent } from './queue/queue-place.ts';
import type { ScheduledInvocation } from './queue/schedule.ts';

/** The process gets a turn at least after this many events, whether anything was written or not. */
const eventsBetweenTurns = 1000;

export class Loop {
  readonly #engine: Engine;
  readonly #store: LogStore;
  readonly #isLimited: boolean;
  #matches: readonly Match[] | null = null;

  constructor(engine: Engine, store: LogStore) {
    this.#engine = engine;
    this.#store = store;
    this.#isLimited = Object.keys(engine.budget).length > 0;
  }

  /**
   * Works until the queue is empty, the budget is used up, or `shouldStop` says so between two events. `betweenEvents` lets
   * commands from outside in. Resolves when everything is durable.
   */
  async run(shouldStop: (() => boolean) | null, betweenEvents: () => void): Promise<void> {
    const { state, journal, signal, platform } = this.#engine;
    // Behaviors may have come in since the last run.
    this.#matches = null;
    let sinceTurn = 0;
    for (;;) {
      betweenEvents();
      if (signal.aborted) return;
      if (state.current === null && !state.hasQueued) {
        if (!this.#hasSaidStop()) this.#sayStopped();
        break;
      }
      if (shouldStop !== null && (await this.#isReached(shouldStop))) break;
      if (state.current === null && this.#stopsForBudget()) break;
      const { nextToRead } = state.queue;
      if (state.current === null && nextToRead !== null)
        await untilClosed(this.#engine, fetchWaiting(this.#store, this.#engine, state.queue, nextToRead));
      if (state.current === null && state.takeNext() === null) break;
      const work = this.#workOff();
      if (!(typeof work === 'boolean' ? work : await work)) break;
      sinceTurn += 1;
      if (journal.isDue || sinceTurn >= eventsBetweenTurns) {
        sinceTurn = 0;
        await journal.flush();
        await platform.pause();
      }
    }
    this.#dropGone();
    await journal.flush();
  }

  /** True when nothing that the log holds is left to do for the event that was worked on last. */
  async isCurrentDone(): Promise<boolean> {
    const { current, schedule } = this.#engine.state;
    if (current === null) return true;
    if (schedule.due(current.tick).some((entry) => this.#scheduledMatch(entry) !== null)) return false;
    const matches = await this.#matchesOf(current, current.event ?? (await this.#fetch(current)));
    return matches.every(({ key }) => current.done.has(key));
  }

  /** Asks the caller between two events, when everything is durable. */
  async #isReached(shouldStop: () => boolean): Promise<boolean> {
    await this.#engine.journal.settle();
    return shouldStop();
  }

  /** Works off the current event; false when the budget or the end of the runtime came first. */
  #workOff(): boolean | Promise<boolean> {
    const { current } = this.#engine.state;
    if (current === null) return true;
    const { event } = current;
    if (event === null) return this.#fetch(current).then(() => this.#workOff());
    const matches = this.#matches ?? this.#matchesOf(current, event);
    if (isList(matches)) return this.#workOffMatches(current, event, matches);
    return matches.then((found) => this.#workOffMatches(current, event, found));
  }

  /** Reads the event of something that a loaded run knows by place. */
  async #fetch(waiting: CurrentEvent | ScheduledInvocation): Promise<LogEvent> {
    const seq = 'eventSeq' in waiting ? waiting.eventSeq : waiting.seq;
    const event = await untilClosed(this.#engine, fetchEvent(this.#store, this.#engine, seq));
    waiting.event = event;
    return event;
  }

  #workOffMatches(
    current: CurrentEvent,
    event: LogEvent,
    matches: readonly Match[],
  ): boolean | Promise<boolean> {
    this.#matches = matches;
    for (const match of matches) {
      if (current.done.has(match.key)) continue;
      const pending = this.#react(match, current, event);
      if (typeof pending === 'boolean') {
        if (!pending) return false;
        continue;
      }
      // The rest of the event waits with what waits; what is done by then is left out.
      return pending.then((goesOn) => goesOn && this.#workOffMatches(current, event, matches));
    }
    return this.#fireDue(current);
  }

  /** False when the budget or the end of the runtime came first. */
  #react(match: Match, current: CurrentEvent, event: LogEvent): boolean | Promise<boolean> {
    const { behavior } = match;
    if (behavior.activateAfter === null || match.refusal !== undefined) return this.#invoke(match, event);
    if (this.#mayNotStart()) return false;
    this.#putOff(match, behavior.activateAfter, current);
    return true;
  }

  #invoke(match: Match, event: LogEvent): boolean | Promise<boolean> {
    const { state, journal } = this.#engine;
    const { open } = state;
    const isTakenUp = open?.key === match.key && open.started.payload['event_id'] === event.id;
    // What was started under the budget is finished under it.
    if (isTakenUp ? this.#engine.signal.aborted : this.#mayNotStart()) return false;
    const running = new Invocation(this.#engine, match, event, isTakenUp ? open : null).run();
    if (running !== undefined) return running.then(() => this.#flushDue());
    return journal.isDue ? this.#flushDue() : true;
  }

  async #flushDue(): Promise<true> {
    if (this.#engine.journal.isDue) await this.#engine.journal.flush();
    return true;
  }

  #mayNotStart(): boolean {
    return this.#engine.signal.aborted || this.#stopsForBudget();
  }

  /** An event that was begun is matched against the graph as it stood then, not as its first behaviors left it. */
  #matchesOf({ firstSeq }: CurrentEvent, event: LogEvent): readonly Match[] | Promise<readonly Match[]> {
    const { state, journal, behaviors, forms, observer } = this.#engine;
    const failedBefore = state.failureChains.get(event.id);
    if (forms.isNewer(event)) return refusedMatches(event, behaviors, forms, failedBefore);
    const needsPast =
      firstSeq !== null &&
      behaviors.some((behavior) => dependsOnGraph(behavior) && isSubscribed(behavior, event));
    if (!needsPast) return matchesOf(event, behaviors, journal.overlay, failedBefore, observer);
    const past = graphBefore(this.#store, this.#engine, firstSeq);
    return untilClosed(this.#engine, past).then((graph) =>
      matchesOf(event, behaviors, graph, failedBefore, observer),
    );
  }

  #putOff(match: Match, activateAfter: number, current: CurrentEvent): void {
    this.#engine.journal.append({
      type: 'behavior.scheduled',
      actor: 'runtime',
      causedBy: current.id,
      payload: {
        behavior: match.behavior.name,
        event_id: current.id,
        activate_after: activateAfter,
        fire_at_tick: current.tick + activateAfter,
        current_tick: current.tick,
        ...(match.relation === null ? {} : { relation_id: match.relation.id }),
      },
    });
  }

  /** Lets what falls due with an event react, and is done with the event then. */
  #fireDue(current: CurrentEvent): boolean | Promise<boolean> {
    const { state } = this.#engine;
    if (state.schedule.size > 0) {
      this.#dropGone();
      for (const entry of state.schedule.due(current.tick)) {
        const match = this.#scheduledMatch(entry);
        if (match === null) continue;
        const { event } = entry;
        if (event === null) return this.#fetch(entry).then(() => this.#fireDue(current));
        const pending = this.#invoke(match, event);
        if (pending === false) return false;
        if (pending !== true) return pending.then((goesOn) => goesOn && this.#fireDue(current));
      }
    }
    state.finishCurrent();
    this.#engine.observer?.workedOff();
    this.#matches = null;
    return true;
  }

  /** What was put off for an edge goes with it. */
  #dropGone(): void {
    const { state, journal } = this.#engine;
    state.schedule.dropGone(state.usage.events, (id) => journal.overlay.relation(id) === undefined);
  }

  /** `null` while the behavior is not installed. */
  #scheduledMatch({ behavior: name, event, relationId, key }: ScheduledInvocation): Match | null {
    const { behaviors, journal, forms } = this.#engine;
    const behavior = behaviors.find((installed) => installed.name === name);
    const relation = relationId === null ? null : journal.overlay.relation(relationId);
    if (behavior === undefined || relation === undefined) return null;
    const match = { behavior, relation, key };
    return event === null ? match : refusedMatch(match, event, forms);
  }

  #stopsForBudget(): boolean {
    if (this.#exhaustedBy() === null) return false;
    const { lastStop, seq } = this.#engine.state;
    const isSaid = lastStop?.type === 'runtime.budget_exhausted' && lastStop.seq === seq;
    if (!isSaid) this.#sayStopped();
    return true;
  }

  /** True when nothing has happened since the end of the loop was last written, or nothing at all. */
  #hasSaidStop(): boolean {
    const { lastStop, seq } = this.#engine.state;
    if (lastStop?.seq !== seq) return seq === 0;
    // Whoever gave a stopped run more to spend, and finds it at its end, is told that it is idle.
    return lastStop.type === 'runtime.idle' || this.#exhaustedBy() !== null;
  }

  #exhaustedBy(): string | null {
    const { budget, state, journal } = this.#engine;
    return this.#isLimited ? exhaustedBy(budget, state.usage, journal.nowMs()) : null;
  }

  /** Idle means "queue empty", and is written only then; out of budget the run says so, whatever is queued. */
  #sayStopped(): void {
    const { budget, state, journal } = this.#engine;
    const exhausted = this.#exhaustedBy();
    const snapshot = budgetSnapshot(budget, state.usage, journal.nowMs());
    journal.append({
      type: exhausted === null ? 'runtime.idle' : 'runtime.budget_exhausted',
      actor: 'runtime',
      causedBy: null,
      payload: exhausted === null ? { snapshot } : { exhausted_by: exhausted, snapshot },
    });
  }
}

function isList(value: readonly Match[] | Promise<readonly Match[]>): value is readonly Match[] {
  return Array.isArray(value);
}
