/** Decides how tests write a log that no runtime of today would write: event by event, as an importer does. */
import { append, type LogStore } from 'runlog/log';
import { moment } from './fixed-run.ts';

/** No more fit one commit. */
const batch = 10_000;

export interface RawEvent {
  readonly type: string;
  readonly payload: object;
  /** The canonical id of its place when it is left out. */
  readonly id?: string;
  readonly actor?: string;
  readonly causedBy?: string;
}

export async function writeLog(store: LogStore, logId: string, events: readonly RawEvent[]): Promise<void> {
  await store.create({ id: logId, kind: 'run', label: null, createdAt: moment });
  const rows = events.map(({ type, payload, id, actor, causedBy }, index) => ({
    id: id ?? `evt_${String(index + 1).padStart(3, '0')}`,
    type,
    payload: JSON.stringify(payload),
    actor: actor ?? 'system',
    causedBy: causedBy ?? null,
    frameId: null,
    timestamp: moment,
    subject: null,
    runId: null,
    provider: null,
    correlationId: null,
    schemaVersion: null,
    metadata: null,
  }));
  for (let expected = 0; expected < rows.length; expected += batch)
    await append(store, { logId, expected, epoch: null, events: rows.slice(expected, expected + batch) });
}

/** The payload of an `object.created` event. */
export function objectPayload(id: string, type: string, data: object = {}): object {
  return { object: { id, type, data, version: 1, provenance: {} }, id };
}
