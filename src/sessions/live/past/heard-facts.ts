/**
 * Decides what is known of a run from what its agent has told so far: its model, the agent's own session, and what was used. It is the
 * same whether it is heard live or read in the log after the process has died.
 */
import type { JsonObject } from '../../../base/index.ts';
import { isUsed, soundName } from '../../agents/sound-result.ts';
import type { SessionEventType } from '../../model/event-types.ts';
import type { SessionEvent } from '../../model/session-event.ts';
import { compareEvents } from '../../pipeline/event-order.ts';
import type { SessionStore } from '../../store/port.ts';

export class HeardFacts {
  model: string | null = null;
  providerSessionId: string | null = null;
  /** The sum of what was told so far. */
  tokenUsage: JsonObject = {};
  /** Who told it, where it is known. */
  provider: string | null = null;
  /** What was used by others that tried before that one, and by attempts that ended with their process. */
  readonly earlier: UsedBefore[] = [];

  /** What the one before has used up to `at` is counted as its own; what it said of itself does not hold for the next. */
  changeProvider(provider: string, at: string): void {
    this.beginAgain(at);
    this.model = null;
    this.providerSessionId = null;
    this.provider = provider;
  }

  /** The same agent begins anew: what it has used until then is counted beside what it uses next. */
  beginAgain(at: string): void {
    const { model, tokenUsage, provider } = this;
    if (provider !== null && Object.keys(tokenUsage).length > 0)
      this.earlier.push({ provider, model, tokenUsage, at });
    this.tokenUsage = {};
  }

  note({ type, data }: { readonly type: SessionEventType; readonly data: JsonObject }): void {
    if (type === 'run_started') {
      const own = data['provider_session_id'] ?? data['session_id'] ?? data['thread_id'];
      this.providerSessionId = soundName(own) ?? this.providerSessionId;
      this.model = soundName(data['model']) ?? this.model;
    }
    if (type === 'token_usage_updated') this.tokenUsage = added(this.tokenUsage, data);
  }
}

/** What was used before the attempt that is under way. */
export interface UsedBefore {
  readonly provider: string;
  readonly model: string | null;
  readonly tokenUsage: JsonObject;
  /** The moment up to which it was used: the rates of that day count. */
  readonly at: string;
}

const telling = ['run_started', 'token_usage_updated', 'error_recovered'] as const;
const pageSize = 1_000;

/** What the stored events of a run tell. */
export async function storedFacts(
  store: SessionStore,
  { id: runId, sessionId }: { readonly id: string; readonly sessionId: string },
): Promise<HeardFacts> {
  const told: SessionEvent[] = [];
  for (const type of telling) {
    for (let after = 0; ;) {
      const page = await store.getEvents(sessionId, { runId, type, after, limit: pageSize });
      told.push(...page);
      const last = page.at(-1)?.sequenceNumber ?? null;
      if (page.length < pageSize || last === null) break;
      after = last;
    }
  }
  const facts = new StoredFacts();
  for (const event of told.toSorted(compareEvents)) facts.add(event);
  return facts;
}

/** Facts that are read in the log of a run: each attempt and each agent is counted for itself. */
export class StoredFacts extends HeardFacts {
  #lastAt: string | null = null;

  add(event: SessionEvent): void {
    const { provider, timestamp, type } = event;
    // What somebody else says of a run is not told by its agent.
    if (!telling.some((known) => known === type)) return;
    if (isTaking(event)) this.beginAgain(this.#lastAt ?? timestamp);
    else {
      if (provider !== null && provider !== this.provider) {
        this.changeProvider(provider, this.#lastAt ?? timestamp);
      }
      this.note(event);
    }
    this.#lastAt = timestamp;
  }
}

/** True for the event by which a process takes over a run whose process has died: there the next attempt begins. */
export function isTaking({ type, data }: Pick<SessionEvent, 'type' | 'data'>): boolean {
  return type === 'error_recovered' && data['reason'] === 'owner_gone';
}

/** Each telling is what was used since the last one. */
function added(before: JsonObject, told: JsonObject): JsonObject {
  const sum = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(told)) {
    const known = sum.get(key) ?? 0;
    const next = isUsed(value) && typeof known === 'number' ? known + value : null;
    if (next !== null && Number.isFinite(next)) sum.set(key, next);
  }
  return Object.fromEntries(sum);
}
