/**
 * Decides what is known of a run from what its agent has told so far: its model, the agent's own session, and what was used. It is the
 * same whether it is heard live or read in the log after the process has died.
 */
import type { JsonObject } from '../../base/index.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { SessionStore } from '../store/port.ts';

export class HeardFacts {
  model: string | null = null;
  providerSessionId: string | null = null;
  /** The sum of what was told so far. */
  tokenUsage: JsonObject = {};
  /** Who told it, where it is known. */
  provider: string | null = null;

  note({ type, data }: { readonly type: SessionEventType; readonly data: JsonObject }): void {
    if (type === 'run_started') {
      const own = data['provider_session_id'] ?? data['session_id'] ?? data['thread_id'];
      if (typeof own === 'string') this.providerSessionId = own;
      if (typeof data['model'] === 'string') this.model = data['model'];
    }
    if (type === 'token_usage_updated') this.tokenUsage = added(this.tokenUsage, data);
  }
}

const telling = ['run_started', 'token_usage_updated'] as const;
const pageSize = 1_000;

/** What the stored events of a run tell. */
export async function storedFacts(
  store: SessionStore,
  { id: runId, sessionId }: { readonly id: string; readonly sessionId: string },
): Promise<HeardFacts> {
  const facts = new HeardFacts();
  for (const type of telling) {
    for (let after = 0; ;) {
      const page = await store.getEvents(sessionId, { runId, type, after, limit: pageSize });
      for (const event of page) {
        facts.note(event);
        facts.provider = event.provider ?? facts.provider;
      }
      const last = page.at(-1)?.sequenceNumber ?? null;
      if (page.length < pageSize || last === null) break;
      after = last;
    }
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
