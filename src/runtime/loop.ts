/**
 * Decides what happens next in a run: takes events from the queue in order, matches them, lets each match react, and says in
 * the log when there is nothing left to do or no budget to do it with.
 */
import { Tables } from '../graph/index.ts';
import { project } from '../graph/index.ts';
import type { GraphState } from '../graph/index.ts';
import { decodeEvent, type LogStore } from '../log/index.ts';
import { budgetSnapshot, exhaustedBy } from './budget.ts';
import type { Engine } from './engine.ts';
import { Invocation } from './invocation/invocation.ts';
import { dependsOnGraph, type Match, matchesOf } from './matching.ts';
import type { CurrentEvent, ScheduledInvocation } from './run/run-state.ts';

export class Loop {
  readonly #engine: Engine;
  readonly #store: LogStore;
  #matches: readonly Match[] | null = null;

  constructor(engine: Engine, store: LogStore) {
    this.#engine = engine;
    this.#store = store;
  }

  /**
   * Works until the queue is empty, the budget is used up, or `shouldStop` says so between two events. `betweenEvents` lets
   * commands from outside in. Resolves when everything is durable.
   */
  async run(shouldStop: (() => boolean) | null, betweenEvents: () => void): Promise<void> {
    const { state, journal, signal } = this.#engine;
    for (;;) {
      betweenEvents();
      if (signal.aborted) break;
      if (state.current === null) {
        if (this.#stopsForBudget()) break;
        if (state.takeNext() === null) {
          this.#sayIdle();
          break;
        }
      }
      const isDone = await this.#workOff();
      if (!isDone) break;
      state.current = null;
      this.#matches = null;
      if (journal.isDue) {
        await journal.flush();
        await this.#engine.platform.pause();
      }
      if (shouldStop !== null) {
        await journal.flush();
        if (shouldStop()) break;
      }
    }
    if (!signal.aborted) await journal.flush();
  }

  /** Works off the current event; false when the budget or the end of the runtime came first. */
  async #workOff(): Promise<boolean> {
    const { state, journal, signal } = this.#engine;
    const current = state.current;
    if (current === null) return true;
    this.#matches ??= await this.#matchesOfCurrent(current);
    for (const match of this.#matches) {
      if (current.done.has(match.key)) continue;
      if (signal.aborted || this.#stopsForBudget()) return false;
      if (match.behavior.activateAfter !== null) this.#putOff(match, match.behavior.activateAfter, current);
      else {
        const pending = this.#invoke(match, current.event);
        if (pending !== undefined) await pending;
      }
      current.done.add(match.key);
      if (journal.isDue) await journal.flush();
    }
    return this.#fireDue(current.tick);
  }

  #invoke(match: Match, event: CurrentEvent['event']): Promise<void> | undefined {
    const { state } = this.#engine;
    const open =
      state.open?.key === match.key && state.open.started.payload['event_id'] === event.id
        ? state.open
        : null;
    state.open = null;
    return new Invocation(this.#engine, match, event, open).run();
  }

  /** A resumed event is matched against the graph as it stood when work on it began, not as its first behaviors left it. */
  async #matchesOfCurrent(current: CurrentEvent): Promise<readonly Match[]> {
    const { state, journal, behaviors } = this.#engine;
    const isResumed = current.firstSeq <= state.seq;
    const failedBefore = state.failureChains.get(current.event.id);
    const needsPast =
      isResumed &&
      behaviors.some(
        (behavior) =>
          dependsOnGraph(behavior) && (behavior.on.length === 0 || behavior.on.includes(current.event.type)),
      );
    const graph: GraphState = needsPast ? await this.#graphBefore(current.firstSeq) : journal.overlay;
    return matchesOf(current.event, behaviors, graph, failedBefore);
  }

  async #graphBefore(seq: number): Promise<GraphState> {
    const tables = new Tables();
    for await (const page of this.#store.read(this.#engine.runId, { before: seq })) {
      for (const stored of page)
        project(tables, stored.type, decodeEvent(stored, this.#engine.runId).payload);
    }
    return tables;
  }

  #putOff(match: Match, activateAfter: number, current: CurrentEvent): void {
    this.#engine.journal.append({
      type: 'behavior.scheduled',
      actor: 'runtime',
      causedBy: current.event.id,
      payload: {
        behavior: match.behavior.name,
        event_id: current.event.id,
        activate_after: activateAfter,
        fire_at_tick: current.tick + activateAfter,
        current_tick: current.tick,
        ...(match.relation === null ? {} : { relation_id: match.relation.id }),
      },
    });
  }

  async #fireDue(tick: number): Promise<boolean> {
    const { state } = this.#engine;
    for (const entry of [...state.scheduled.values()]) {
      if (entry.fireAtTick > tick) continue;
      const match = this.#scheduledMatch(entry);
      if (match === null) continue;
      if (this.#engine.signal.aborted || this.#stopsForBudget()) return false;
      const pending = this.#invoke(match, entry.event);
      if (pending !== undefined) await pending;
    }
    return true;
  }

  /** `null` while the behavior is not installed, or when the edge that it was put off for is gone. */
  #scheduledMatch(entry: ScheduledInvocation): Match | null {
    const behavior = this.#engine.behaviors.find(({ name }) => name === entry.behavior);
    if (behavior === undefined) return null;
    if (entry.relationId === null) return { behavior, relation: null, key: entry.key };
    const relation = this.#engine.journal.overlay.relation(entry.relationId);
    return relation === undefined ? null : { behavior, relation, key: entry.key };
  }

  #stopsForBudget(): boolean {
    const { budget, state, journal } = this.#engine;
    const nowMs = journal.nowMs();
    const exhausted = exhaustedBy(budget, state.usage, nowMs);
    if (exhausted === null) return false;
    if (state.lastStop?.type !== 'runtime.budget_exhausted' || state.lastStop.seq !== state.seq) {
      const payload = { exhausted_by: exhausted, snapshot: budgetSnapshot(budget, state.usage, nowMs) };
      journal.append({ type: 'runtime.budget_exhausted', actor: 'runtime', causedBy: null, payload });
    }
    return true;
  }

  /** Idle means "queue empty", and is written only then, and only when something has happened since it was last written. */
  #sayIdle(): void {
    const { budget, state, journal } = this.#engine;
    if (state.lastStop?.seq === state.seq && state.lastStop.type === 'runtime.idle') return;
    if (state.seq === 0) return;
    const snapshot = budgetSnapshot(budget, state.usage, journal.nowMs());
    journal.append({ type: 'runtime.idle', actor: 'runtime', causedBy: null, payload: { snapshot } });
  }
}
