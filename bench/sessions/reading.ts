// How long does it take to read the last ten events of a session that has 100,000?
import { performance } from 'node:perf_hooks';
import type { OpenSessionStore } from '../../src/sessions/index.ts';
import { type Figure, figureOf } from '../harness/figure.ts';
import { pieces } from './agent-turns.ts';
import { placeNames, type Places } from './places.ts';

const stored = 100_000;
const reads = 500;

async function filled(places: Places, place: (typeof placeNames)[number]): Promise<OpenSessionStore> {
  const store = await places.open(place);
  for (let done = 0; done < stored; done += 1000) await store.appendEvents(pieces('s', 1000));
  return store;
}

export async function benchReading(places: Places): Promise<readonly Figure[]> {
  const stores = new Map<string, OpenSessionStore>();
  for (const place of placeNames) stores.set(place, await filled(places, place));
  const taken = new Map<string, number[]>(placeNames.map((place) => [place, []]));
  for (let round = 0; round < reads; round += 1) {
    for (const [place, store] of stores) {
      const began = performance.now();
      const page = await store.getEvents('s', { after: stored - 10 });
      if (page.length !== 10) throw new Error(`a page of ${page.length} events`);
      if (round >= reads / 10) taken.get(place)?.push(performance.now() - began);
    }
  }
  for (const store of stores.values()) await store.close();
  return placeNames.map((place) =>
    figureOf({
      id: `sessions/last-10-${place.toLowerCase()}`,
      what: `sessions, ${place}, last 10 of 100,000 events${place === 'memory' ? ' (Elixir 25 ms)' : ''}`,
      unit: 'ms',
      samples: taken.get(place) ?? [],
    }),
  );
}
