/** Decides how a test waits without a clock: for turns of the event loop, in which everything that can go on goes on. */

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves to the outcome of the work, or to `waits` when it has none after many turns. */
export async function outcomeOf<Value>(work: Promise<Value>): Promise<Outcome<Value>> {
  const settled = work.then(
    (value): Outcome<Value> => ({ kind: 'done', value }),
    (error: unknown): Outcome<Value> => ({ kind: 'refused', error }),
  );
  return Promise.race([settled, turns(200).then((): Outcome<Value> => ({ kind: 'waits' }))]);
}

export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'waits' };
