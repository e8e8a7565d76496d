/**
 * Decides what is known of a run from what its agent has told so far: its model, the agent's own session, and what was used. It is the
 * same whether it is heard live or read in the log after the process has died.
 */
import type { JsonObject } from '../../base/index.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { compareEvents } from '../pipeline/event-order.ts';
import type { SessionStore } from '../store/port.ts';

export class HeardFacts {
  model: string | null = null;
  providerSessionId: string | null = null;
  /** The sum of what was told so far. */
  tokenUsage: JsonObject = {};
  /** Who told it, where it is known. */
  provider: string | null = null;
  /** What others have used that tried before that one. */
  readonly earlier: UsedBefore[] = [];

  /** What the one before has used is counted as its own; what it said of itself does not hold for the next. */
  changeProvider(provider: string): void {
    const { model, tokenUsage } = this;
    if (this.provider !== null && Object.keys(tokenUsage).length > 0)
      this.earlier.push({ provider: this.provider, model, tokenUsage });
    this.model = null;
    this.providerSessionId = null;
    this.tokenUsage = {};
    this.provider = provider;
  }

  note({ type, data }: { readonly type: SessionEventType; readonly data: JsonObject }): void {
    if (type === 'run_started') {
      const own = data['provider_session_id'] ?? data['session_id'] ?? data['thread_id'];
      if (typeof own === 'string') this.providerSessionId = own;
      if (typeof data['model'] === 'string') this.model = data['model'];
    }
    if (type === 'token_usage_updated') this.tokenUsage = added(this.tokenUsage, data);
  }
}

/** What an agent used that tried before another one. */
export interface UsedBefore {
  readonly provider: string;
  readonly model: string | null;
  readonly tokenUsage: JsonObject;
}

const telling = ['run_started', 'token_usage_updated'] as const;
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
  const facts = new HeardFacts();
  for (const event of told.toSorted(compareEvents)) {
    const { provider } = event;
    if (provider !== null && provider !== facts.provider) facts.changeProvider(provider);
    facts.note(event);
  }
  return facts;
}

/** Each telling is what was used since the last one. */
function added(before: JsonObject, told: JsonObject): JsonObject {
  const sum = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(told)) {
    const known = sum.get(key) ?? 0;
    if (typeof value === 'number' && typeof known === 'number') sum.set(key, known + value);
  }
  return Object.fromEntries(sum);
}
