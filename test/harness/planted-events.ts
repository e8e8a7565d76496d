/** Decides how tests plant the events of a run: by type and payload, with places and ids as a store would give them. */
import type { JsonObject } from '../../src/base/index.ts';
import type { LogEvent } from '../../src/log/index.ts';

export const moment = '2026-05-15T10:32:01Z';

type Planted = readonly [
  type: string,
  payload: JsonObject,
  rest?: Partial<Pick<LogEvent, 'actor' | 'causedBy' | 'frameId'>>,
];

export function planted(...events: readonly Planted[]): readonly LogEvent[] {
  return events.map(([type, payload, rest = {}], index) => ({
    seq: index + 1,
    id: `evt_${String(index + 1).padStart(3, '0')}`,
    type,
    payload,
    actor: rest.actor ?? null,
    causedBy: rest.causedBy ?? null,
    frameId: rest.frameId ?? null,
    timestamp: moment,
  }));
}

export function plantedOne(
  type: string,
  payload: JsonObject,
  rest: Partial<Pick<LogEvent, 'actor' | 'causedBy' | 'frameId'>> = {},
): LogEvent {
  const [event] = planted([type, payload, rest]);
  if (event === undefined) throw new Error('one event was planted, and none came out');
  return event;
}
