/**
 * Decides what a run knows about itself from its events alone: what is queued, what is under way, what is used, scheduled,
 * pending and failed. Live and loaded runs are followed by the same code, so there is nothing to restore.
 */
import { deepFreeze, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { type Counters, countEvent, recentEventsLimit, zeroCounters } from '../../graph/index.ts';
import { isQueueVisible, type LogEvent, type StoredEvent } from '../../log/index.ts';
import type { PendingApproval } from '../behavior.ts';
import { Usage } from '../budget.ts';
import { type EarlierPromotion, notePromotion } from '../promote/earlier-promotions.ts';
import { approvalOf } from './approvals.ts';
import { EventQueue } from '../queue/event-queue.ts';
import { failureOf, type RunFailure } from './failure.ts';
import { FailureChains } from '../queue/failure-chains.ts';
import { keyOf, relationIdOf } from './invocation-key.ts';
import type { CurrentEvent } from '../queue/queue-place.ts';
import { RecentEvents } from './recent-events.ts';
import { Schedule } from '../queue/schedule.ts';

/** An invocation that was started and has not ended: what it asked and was answered so far. */
export interface OpenInvocation {
  readonly key: string;
  readonly started: LogEvent;
  readonly calls: LogEvent[];
  /** What a view shows of the log, kept from being overwritten in a long invocation. */
  recent: readonly LogEvent[] | null;
}

/** What the loop knows of a run besides the graph, projected from the log: counters, budget, approvals, schedule, packs. */
export class RunState {
  readonly #counters: Counters = zeroCounters();
  #beforeCounters: (() => void) | null = null;
  readonly usage = new Usage();
  readonly recent = new RecentEvents();
  readonly approvals = new Map<string, PendingApproval>();
  /** With the places of their events. */
  readonly failures: { readonly seq: number; readonly failure: RunFailure }[] = [];
  readonly schedule = new Schedule();
  readonly packs: JsonObject[] = [];
  readonly settingOverrides: JsonObject[] = [];
  /** What was taken in from forks of this run, by the id of the fork. */
  readonly promotions = new Map<string, EarlierPromotion>();
  readonly failureChains = new FailureChains();
  readonly queue = new EventQueue();
  /** Where the run was last told to ask the world afresh; 0 when it never was. */
  recordingSeq = 0;
  open: OpenInvocation | null = null;
  /** The last event that says how the loop ended, and where. */
  lastStop: { readonly type: string; readonly seq: number; readonly exhaustedBy: string | null } | null =
    null;
  seq = 0;
  /** The highest number in the ids of events; more than `seq` in logs of writers that skipped some. */
  eventNumber = 0;
  frameId: string | null = null;

  /** The highest numbers in ids so far. */
  get counters(): Counters {
    this.#beforeCounters?.();
    return this.#counters;
  }

  /** Takes in one event of the log, in order. `isAtHand`: it is kept until its turn in the queue, not read again. */
  apply(event: LogEvent, isAtHand = true): void {
    this.#advance(event);
    this.count(event.type, event.payload);
    this.#follow(event);
    if (isQueueVisible(event.type)) this.queue.add(event.seq, event.id, isAtHand ? event : null);
  }

  /** Takes in an event that says something of the graph alone, without looking into it; `count` is told of it later. */
  pass(stored: StoredEvent): void {
    this.#advance(stored);
    if (stored.type === 'patch.applied') this.usage.patches += 1;
    if (isQueueVisible(stored.type)) this.queue.add(stored.seq, stored.id, null);
  }

  /** Raises the counters to what an event shows to be drawn. */
  count(type: string, payload: JsonObject): void {
    countEvent(this.#counters, type, payload);
  }

  /** Called before the counters are read: it tells `count` of the events that were passed. */
  set beforeCounters(settle: () => void) {
    this.#beforeCounters = settle;
  }

  /** The event that is being worked on. */
  get current(): CurrentEvent | null {
    return this.queue.current;
  }

  /** Events that are not worked off. */
  get queueDepth(): number {
    return this.queue.waiting + (this.queue.current === null ? 0 : 1);
  }

  get hasQueued(): boolean {
    return this.queue.waiting > 0;
  }

  /** Takes the next event and makes it the current one. */
  takeNext(): CurrentEvent | null {
    const taken = this.queue.take();
    this.usage.events = this.queue.takenTick;
    return taken;
  }

  finishCurrent(): void {
    this.queue.finish();
  }

  /** The last events as they stood when the open invocation was started. */
  recentAtStart(started: LogEvent, count: number): readonly LogEvent[] {
    const kept = this.open?.started === started ? this.open.recent : null;
    return kept === null
      ? this.recent.last(count, started.seq)
      : kept.slice(Math.max(0, kept.length - count));
  }

  #keepRecent(open: OpenInvocation): void {
    open.recent = this.recent.last(recentEventsLimit, open.started.seq);
  }

  #advance(event: LogEvent | StoredEvent): void {
    this.seq = event.seq;
    if (event.frameId !== null) this.frameId = event.frameId;
    if (this.open !== null && event.seq - this.open.started.seq === recentEventsLimit)
      this.#keepRecent(this.open);
    this.recent.add(event);
  }

  /** A loaded run reads here where the loop stood; in a live one the loop stands there already. */
  #follow(event: LogEvent): void {
    const { payload } = event;
    switch (event.type) {
      case 'goal.created':
        this.usage.goalAtMs = Date.parse(event.timestamp);
        return;
      case 'behavior.started':
      case 'relation_behavior.started':
        this.usage.behaviorCalls += 1;
        this.#start(event);
        return;
      case 'behavior.completed':
        this.#end(payload);
        return;
      case 'behavior.failed':
        this.#end(payload);
        this.#fail(event);
        return;
      case 'behavior.scheduled':
        this.#putOff(event);
        return;
      case 'pattern.matched':
        this.#workOn(payload['event_id'], event.seq);
        return;
      case 'llm.requested':
        if (payload['cache_hit'] !== true) this.usage.llmCalls += 1;
        this.open?.calls.push(event);
        return;
      case 'tool.requested':
        if (payload['cache_hit'] !== true) this.usage.toolCalls += 1;
        this.open?.calls.push(event);
        return;
      case 'llm.responded':
      case 'tool.responded':
        if (payload['cache_hit'] !== true) this.usage.addCost(payload['cost_usd']);
        this.open?.calls.push(event);
        return;
      case 'patch.applied':
        this.usage.patches += 1;
        return;
      case 'approval.proposed': {
        const approval = approvalOf(event);
        if (approval !== null) this.approvals.set(approval.id, approval);
        return;
      }
      case 'approval.granted':
      case 'approval.denied':
        if (typeof payload['approval_id'] === 'string') this.approvals.delete(payload['approval_id']);
        return;
      case 'pack.loaded':
        this.packs.push(deepFreeze(payload));
        return;
      case 'pack.settings_overridden':
        this.settingOverrides.push(deepFreeze(payload));
        return;
      case 'promote.applied':
        notePromotion(this.promotions, payload);
        return;
      case 'runtime.recording':
        this.recordingSeq = event.seq;
        return;
      case 'runtime.idle':
      case 'runtime.budget_exhausted':
        this.#stop(event);
        return;
    }
  }

  #start(event: LogEvent): void {
    const { behavior, event_id: eventId } = event.payload;
    if (typeof behavior !== 'string' || typeof eventId !== 'string') return;
    const key = keyOf(behavior, event.payload);
    const entry = this.schedule.get(key, eventId);
    if (entry === undefined) this.#workOn(eventId, event.seq);
    else this.#fire(entry.fireAtTick, event.seq);
    this.open = { key, started: event, calls: [], recent: null };
  }

  /** The first trace of an invocation of an event says that the loop has come to that event. */
  #workOn(eventId: JsonValue | undefined, seq: number): CurrentEvent | null {
    if (typeof eventId !== 'string') return null;
    const current = this.queue.takeTo(eventId, seq);
    this.usage.events = this.queue.takenTick;
    return current;
  }

  /** A delayed invocation fires after the event of its tick has been worked off. */
  #fire(tick: number, seq: number): void {
    this.queue.takeToTick(tick, seq);
    this.usage.events = this.queue.takenTick;
  }

  #end(payload: JsonObject): void {
    const { behavior, event_id: eventId } = payload;
    const { open } = this;
    this.open = null;
    if (typeof behavior !== 'string' || typeof eventId !== 'string') return;
    const key = open?.started.payload['event_id'] === eventId ? open.key : keyOf(behavior, payload);
    this.queue.done(eventId, key);
    this.schedule.remove(key, eventId);
  }

  #putOff(event: LogEvent): void {
    const { behavior, event_id: eventId, fire_at_tick: fireAtTick, activate_after: delay } = event.payload;
    const current = this.#workOn(eventId, event.seq);
    if (current === null || typeof behavior !== 'string' || typeof fireAtTick !== 'number') return;
    const key = keyOf(behavior, event.payload);
    this.queue.done(current.id, key);
    this.schedule.add({
      key,
      behavior,
      relationId: relationIdOf(event.payload),
      eventId: current.id,
      eventSeq: current.seq,
      event: current.event,
      fireAtTick,
      delay: typeof delay === 'number' ? delay : fireAtTick - current.tick,
      seq: event.seq,
    });
  }

  #fail(event: LogEvent): void {
    const failure = failureOf(event);
    if (failure === null) return;
    const { seq } = event;
    const before = this.failureChains.get(failure.eventId) ?? [];
    this.failureChains.add(event.id, { seq, behaviors: new Set([failure.behavior, ...before]) });
    if (this.failureChains.isFull) this.#forgetChains();
    this.failures.push({ seq, failure });
  }

  /** Idle means that the queue was empty. A budget that ran out says how many events had been taken from it. */
  #stop(event: LogEvent): void {
    const { exhausted_by: exhaustedBy, snapshot } = event.payload;
    this.lastStop = {
      type: event.type,
      seq: event.seq,
      exhaustedBy: typeof exhaustedBy === 'string' ? exhaustedBy : null,
    };
    if (event.type === 'runtime.idle') {
      this.open = null;
      this.queue.clear();
      this.#forgetChains();
    } else if (isJsonObject(snapshot) && isJsonObject(snapshot['used'])) {
      const tick = snapshot['used']['max_events'];
      if (typeof tick === 'number') this.queue.takeToTick(tick, null);
    }
    this.usage.events = this.queue.takenTick;
  }

  /** Nobody reacts any more to what stands before the event that the log says is worked on. */
  #forgetChains(): void {
    const awaited = this.schedule.eventIds();
    this.failureChains.forget(Math.min(this.queue.loggedSeq, this.seq), (eventId) => awaited.has(eventId));
  }
}
