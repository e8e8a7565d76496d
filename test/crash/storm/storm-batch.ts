// Decides what a writer of the storm writes: events that say which place they stand at, and which batch they belong to.
import { z } from 'zod';
import { eventIdAt } from 'runlog/base';
import type { EventRow, LogStore } from 'runlog/log';

export const stormRun = 'a';
export const stormDocument = { kind: 'progress', id: 'a' } as const;
export const createdAt = '2026-01-01T00:00:00Z';

/** Where the store of a storm is; on the command line of its writers as JSON. */
export const stormPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sqlite'), path: z.string() }),
  z.object({ kind: z.literal('postgres'), url: z.string(), schema: z.string() }),
]);

export type StormPlace = z.infer<typeof stormPlace>;

export function urlOf(place: StormPlace): string {
  if (place.kind === 'sqlite') return `sqlite:///${place.path}`;
  return `${place.url}?schema=${encodeURIComponent(place.schema)}`;
}

/** Only the driver that is meant is loaded: a writer starts, and dies, a thousand times. */
export async function openStorm(place: StormPlace, leaseMs = 30_000): Promise<LogStore> {
  if (place.kind === 'sqlite') {
    const { openSqliteStore } = await import('runlog/stores/sqlite');
    return openSqliteStore({ path: place.path, mode: 'create', leaseMs, warn: () => undefined });
  }
  const { openPostgresStore } = await import('runlog/stores/postgres');
  return openPostgresStore({ url: place.url, schema: place.schema, mode: 'create', leaseMs, connections: 2 });
}

export const stormPayload = z.object({ n: z.int(), first: z.int(), size: z.int(), text: z.string() });

/** A batch of `size` events from place `first` on. */
export function stormBatch(first: number, size: number): EventRow[] {
  return Array.from({ length: size }, (_, index) => {
    const n = first + index;
    return {
      id: eventIdAt(n),
      type: 'thing.happened',
      payload: JSON.stringify({ n, first, size, text: 'x'.repeat((n * 37) % 300) }),
      actor: null,
      causedBy: null,
      frameId: null,
      timestamp: createdAt,
      subject: null,
      runId: null,
      provider: null,
      correlationId: null,
      schemaVersion: null,
      metadata: null,
    };
  });
}
