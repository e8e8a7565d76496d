/**
 * Decides what a fork writes down about itself when it is made: the settings that it overrides, and that it asks the world
 * afresh. These are its first own events, so it explains itself for ever, wherever it is copied to.
 */
import { type Clock, eventIdAt, formatInstant, type JsonValue, seqOfEventId } from '../../base/index.ts';
import { type EventRow, intakePayload, type LogStore, type StoredEvent } from '../../log/index.ts';

/** Another value for a setting of a pack. */
export interface SettingOverride {
  readonly pack: { readonly name: string; readonly version: string };
  readonly key: string;
  /** As the pack's settings schema takes it. */
  readonly value: JsonValue;
}

/** What a fork is to do differently from its beginning on. */
export interface ForkChanges {
  readonly overrides: readonly SettingOverride[];
  /** True for a fork that asks models and tools again instead of being served what its parents were answered. */
  readonly isRecording: boolean;
  /** For the timestamps of what is written. */
  readonly clock: Clock;
}

/** The events that stand right behind the fork point. */
export async function firstEvents(
  store: LogStore,
  parent: string,
  forkPoint: StoredEvent,
  { overrides, isRecording, clock }: ForkChanges,
): Promise<readonly EventRow[]> {
  const written = [
    ...overrides.map(({ pack, key, value }) => ({
      type: 'pack.settings_overridden',
      actor: 'user',
      payload: { pack, key, value },
    })),
    ...(isRecording
      ? [{ type: 'runtime.recording', actor: 'user', payload: { from_event: forkPoint.id } }]
      : []),
  ];
  const rows: EventRow[] = [];
  let number = Math.max(forkPoint.seq, seqOfEventId(forkPoint.id) ?? 0);
  for (const { type, actor, payload } of written) {
    number = await nextFree(store, parent, forkPoint.seq, number + 1);
    rows.push({
      id: eventIdAt(number),
      type,
      payload: intakePayload(payload).text,
      actor,
      causedBy: null,
      frameId: forkPoint.frameId,
      timestamp: formatInstant(clock.nowMs(forkPoint.seq + rows.length + 1)),
      subject: null,
      runId: null,
      provider: null,
      correlationId: null,
      schemaVersion: null,
      metadata: null,
    });
  }
  return rows;
}

/** Logs that were written elsewhere may have used a number before its place. */
async function nextFree(store: LogStore, parent: string, atSeq: number, from: number): Promise<number> {
  let number = from;
  for (;;) {
    const taken = await store.get(parent, eventIdAt(number));
    if (taken === undefined || taken.seq > atSeq) return number;
    number += 1;
  }
}
