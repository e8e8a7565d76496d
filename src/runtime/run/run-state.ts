/**
 * Decides what a run knows about itself from its events alone: what is queued, what is under way, what is used, scheduled,
 * pending and failed. Built by the same code live and after a crash, so there is nothing to restore.
 */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import { type Counters, countEvent, zeroCounters } from '../../graph/index.ts';
import { isQueueVisible, type LogEvent } from '../../log/index.ts';
import type { PendingApproval } from '../behavior.ts';
import { Usage } from '../budget.ts';
import { RecentEvents } from './recent-events.ts';

/** A failure of a behavior, as `errors` lists it. */
export interface RunFailure {
  readonly behavior: string;
  readonly eventId: string;
  readonly reason: string | null;
  readonly exceptionType: string;
  readonly message: string;
  readonly failedEventId: string;
}

/** An event that waits to be matched. `tick` is its place among the queue-visible events of the run. */
export interface QueuedEvent {
  readonly event: LogEvent;
  readonly tick: number;
}

/** A delayed invocation that has not fired. */
export interface ScheduledInvocation {
  readonly key: string;
  readonly behavior: string;
  readonly relationId: string | null;
  readonly event: LogEvent;
  readonly fireAtTick: number;
}

/** An invocation that was started and has not ended: what it asked and was answered so far. */
export interface OpenInvocation {
  readonly key: string;
  readonly started: LogEvent;
  readonly calls: LogEvent[];
}

/** The event that is being worked on, and how far. */
export interface CurrentEvent extends QueuedEvent {
  /** Place of the first trace of work on it; the graph before it is what matches are computed on. */
  readonly firstSeq: number;
  /** Invocations that ended or were put off. */
  readonly done: Set<string>;
}

/** Names an invocation of an event: by behavior, and by relation for relation behaviors. */
export function invocationKey(behavior: string, relationId: string | null): string {
  return relationId === null ? behavior : `${behavior}\u0000${relationId}`;
}

export class RunState {
  readonly counters: Counters = zeroCounters();
  readonly usage = new Usage();
  readonly recent = new RecentEvents();
  readonly approvals = new Map<string, PendingApproval>();
  readonly failures: RunFailure[] = [];
  readonly scheduled = new Map<string, ScheduledInvocation>();
  readonly packs: JsonObject[] = [];
  readonly settingOverrides: JsonObject[] = [];
  /** Behaviors whose failures led to a failure event: none of them is woken by it. */
  readonly failureChains = new Map<string, ReadonlySet<string>>();
  #queue: QueuedEvent[] = [];
  #queueStart = 0;
  current: CurrentEvent | null = null;
  open: OpenInvocation | null = null;
  /** The last event that says how the loop ended, and where. */
  lastStop: { readonly type: string; readonly seq: number } | null = null;
  seq = 0;
  visibleCount = 0;
  frameId: string | null = null;

  /** Takes in one event of the log. `whileLoading` also moves the queue to where the log says that the loop stood. */
  apply(event: LogEvent, whileLoading: boolean): void {
    this.seq = event.seq;
    this.frameId = event.frameId ?? this.frameId;
    if (whileLoading) this.#follow(event);
    this.recent.add(event);
    countEvent(this.counters, event.type, event.payload);
    this.#count(event);
    if (isQueueVisible(event.type)) {
      this.visibleCount += 1;
      this.#queue.push({ event, tick: this.visibleCount });
    }
  }

  get queueDepth(): number {
    return this.#queue.length - this.#queueStart + (this.current === null ? 0 : 1);
  }

  get hasQueued(): boolean {
    return this.#queueStart < this.#queue.length;
  }

  /** Takes the next event and makes it the current one. */
  takeNext(): CurrentEvent | null {
    const next = this.#queue[this.#queueStart];
    if (next === undefined) return null;
    this.#queueStart += 1;
    if (this.#queueStart > 4096 && this.#queueStart * 2 > this.#queue.length) this.#compact();
    this.usage.events = next.tick;
    this.current = { ...next, firstSeq: this.seq + 1, done: new Set() };
    return this.current;
  }

  #compact(): void {
    this.#queue = this.#queue.slice(this.#queueStart);
    this.#queueStart = 0;
  }

  /** Reads off an event of the log where the loop stood when it was written. */
  #follow(event: LogEvent): void {
    const { type, payload } = event;
    if (type === 'runtime.idle') {
      this.current = null;
      this.open = null;
      this.#queueStart = this.#queue.length;
      this.#compact();
      this.usage.events = this.visibleCount;
      return;
    }
    if (type === 'behavior.completed' || type === 'behavior.failed') {
      if (this.open !== null) this.current?.done.add(this.open.key);
      this.open = null;
      return;
    }
    if (this.open !== null && (type.startsWith('llm.') || type.startsWith('tool.'))) {
      this.open.calls.push(event);
      return;
    }
    const { behavior, event_id: triggerId } = payload;
    if (typeof behavior !== 'string' || typeof triggerId !== 'string') return;
    const key = invocationKey(
      behavior,
      typeof payload['relation_id'] === 'string' ? payload['relation_id'] : null,
    );
    if (type === 'behavior.scheduled') this.#followTo(triggerId, event.seq)?.done.add(key);
    if (type === 'pattern.matched') this.#followTo(triggerId, event.seq);
    if (type !== 'behavior.started' && type !== 'relation_behavior.started') return;
    if (this.scheduled.has(scheduleKey(key, triggerId)))
      this.#followToTick(scheduleKey(key, triggerId), event.seq);
    else this.#followTo(triggerId, event.seq);
    this.open = { key, started: event, calls: [] };
  }

  /** The queue is first in, first out: whatever stood before the event that is worked on is done with. */
  #followTo(triggerId: string, seq: number): CurrentEvent | null {
    if (this.current?.event.id === triggerId) return this.current;
    const index = this.#queue.findIndex(
      (queued, at) => at >= this.#queueStart && queued.event.id === triggerId,
    );
    if (index < 0) return null;
    this.#queueStart = index;
    const taken = this.takeNext();
    if (taken !== null) this.current = { ...taken, firstSeq: seq };
    return this.current;
  }

  /** A delayed invocation fires after the event of its tick has been worked off. */
  #followToTick(scheduleKeyOf: string, seq: number): void {
    const entry = this.scheduled.get(scheduleKeyOf);
    if (entry === undefined) return;
    while (this.hasQueued && this.usage.events < entry.fireAtTick) {
      const taken = this.takeNext();
      if (taken !== null) this.current = { ...taken, firstSeq: seq };
    }
  }

  #count(event: LogEvent): void {
    const { payload } = event;
    switch (event.type) {
      case 'goal.created':
        this.usage.goalAtMs = Date.parse(event.timestamp);
        return;
      case 'behavior.started':
      case 'relation_behavior.started':
        this.usage.behaviorCalls += 1;
        return;
      case 'behavior.completed':
        this.#unschedule(payload);
        return;
      case 'behavior.scheduled':
        this.#schedule(event);
        return;
      case 'behavior.failed':
        this.#unschedule(payload);
        this.#fail(event);
        return;
      case 'llm.requested':
        if (payload['cache_hit'] !== true) this.usage.llmCalls += 1;
        return;
      case 'tool.requested':
        if (payload['cache_hit'] !== true) this.usage.toolCalls += 1;
        return;
      case 'llm.responded':
      case 'tool.responded':
        if (payload['cache_hit'] !== true) this.usage.addCost(payload['cost_usd']);
        return;
      case 'patch.applied':
        this.usage.patches += 1;
        return;
      case 'approval.proposed':
        this.#propose(event);
        return;
      case 'approval.granted':
      case 'approval.denied':
        if (typeof payload['approval_id'] === 'string') this.approvals.delete(payload['approval_id']);
        return;
      case 'pack.loaded':
        this.packs.push(payload);
        return;
      case 'pack.settings_overridden':
        this.settingOverrides.push(payload);
        return;
      case 'runtime.idle':
      case 'runtime.budget_exhausted':
        this.lastStop = { type: event.type, seq: event.seq };
        return;
    }
  }

  #schedule(event: LogEvent): void {
    const { behavior, event_id: eventId, relation_id: relation, fire_at_tick: fireAtTick } = event.payload;
    if (typeof behavior !== 'string' || typeof eventId !== 'string' || typeof fireAtTick !== 'number') return;
    const relationId = typeof relation === 'string' ? relation : null;
    const trigger = this.current?.event.id === eventId ? this.current.event : null;
    if (trigger === null) return;
    const key = invocationKey(behavior, relationId);
    this.scheduled.set(scheduleKey(key, eventId), { key, behavior, relationId, event: trigger, fireAtTick });
  }

  #unschedule(payload: JsonObject): void {
    const { behavior, event_id: eventId, relation_id: relation } = payload;
    if (this.scheduled.size === 0 || typeof behavior !== 'string' || typeof eventId !== 'string') return;
    this.scheduled.delete(
      scheduleKey(invocationKey(behavior, typeof relation === 'string' ? relation : null), eventId),
    );
  }

  #fail(event: LogEvent): void {
    const { behavior, event_id: eventId, reason, exception_type: exceptionType, message } = event.payload;
    if (typeof behavior !== 'string' || typeof eventId !== 'string') return;
    this.failureChains.set(event.id, new Set([behavior, ...(this.failureChains.get(eventId) ?? [])]));
    this.failures.push({
      behavior,
      eventId,
      reason: typeof reason === 'string' ? reason : null,
      exceptionType: typeof exceptionType === 'string' ? exceptionType : 'Error',
      message: typeof message === 'string' ? message : '',
      failedEventId: event.id,
    });
  }

  #propose(event: LogEvent): void {
    const { approval_id: id, object_type: objectType, data, reason, pack } = event.payload;
    if (typeof id !== 'string' || typeof objectType !== 'string') return;
    this.approvals.set(id, {
      id,
      objectType,
      data: isJsonObject(data) ? data : {},
      reason: typeof reason === 'string' ? reason : '',
      pack: typeof pack === 'string' ? pack : null,
      eventId: event.id,
    });
  }
}

function scheduleKey(key: string, eventId: string): string {
  return `${eventId}\u0000${key}`;
}
