/**
 * Law of the policies: whatever the store does and whichever policy was chosen, what was accepted is stored once and in order, and
 * what was rejected is not.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from 'runlog';
import { countingMint, EventPipeline } from 'runlog/sessions';
import { type FlakyStore, flakyStore } from '../harness/flaky-store.ts';
import { manualTime, settled } from '../harness/manual-time.ts';
import { memorySpool } from '../harness/memory-spool.ts';

const context = { sessionId: 's', runId: 'r' };
/** Ends a piece that could become a secret with the next one. */
const secretHead = 'my password';

type Step =
  | { readonly kind: 'one'; readonly isPiece: boolean; readonly isHead: boolean }
  | { readonly kind: 'batch'; readonly pieces: readonly boolean[] }
  | { readonly kind: 'state'; readonly state: FlakyStore['state'] }
  | { readonly kind: 'wait' }
  | { readonly kind: 'flush' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('one'), isPiece: fc.boolean(), isHead: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('batch'), pieces: fc.array(fc.boolean(), { maxLength: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('state'), state: fc.constantFrom('up', 'away', 'up') }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ kind: 'wait' }, { kind: 'flush' }) },
);

test('what was accepted is stored once and in order, and what was rejected is not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.constantFrom('fail' as const, 'spool' as const),
      fc.boolean(),
      async (steps, policy, coalesces) => {
        const store = flakyStore();
        const time = manualTime();
        const pipeline = new EventPipeline({
          store,
          mint: countingMint(),
          sha256,
          platform: time,
          whenAway: policy === 'fail' ? 'fail' : { spool: memorySpool() },
          coalescing: coalesces ? { maxDelayMs: 50, maxCharacters: 30 } : null,
        });
        const accepted: string[] = [];
        let number = 0;
        const rawOf = (isPiece: boolean, isHead: boolean): { raw: object; said: string } => {
          number += 1;
          const said = isPiece ? `<${number}${isHead ? ` ${secretHead}` : '>'}` : `[${number}]`;
          if (isPiece) return { raw: { type: 'message_streamed', data: { delta: said } }, said };
          return { raw: { type: 'error_recovered', data: { name: said } }, said };
        };
        const hand = async (
          made: readonly { raw: object; said: string }[],
          isBatch: boolean,
        ): Promise<void> => {
          try {
            if (isBatch)
              await pipeline.processBatch(
                made.map(({ raw }) => raw),
                context,
              );
            else for (const { raw } of made) await pipeline.process(raw, context);
            accepted.push(...made.map(({ said }) => said));
          } catch {
            expect(policy).toBe('fail');
          }
        };
        for (const one of steps) {
          if (one.kind === 'state') store.state = one.state;
          else if (one.kind === 'wait') await time.advance(60);
          else if (one.kind === 'flush') await pipeline.flush().catch(() => expect(store.state).toBe('away'));
          else if (one.kind === 'batch')
            await hand(
              one.pieces.map((isPiece) => rawOf(isPiece, false)),
              true,
            );
          else await hand([rawOf(one.isPiece, one.isHead)], false);
        }
        store.state = 'up';
        await settled();
        await pipeline.flush();
        await pipeline.close();
        const stored = store.stored.map(({ data }) => textOf(data['delta'] ?? data['name'])).join('');
        expect(namesIn(stored)).toEqual(namesIn(accepted.join('')));
        // What was held back may come behind an event that does not end its message.
        expect(stored.replaceAll(eventName, '')).toBe(accepted.join('').replaceAll(eventName, ''));
        expect(time.waiting()).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

const eventName = /\[\d+\]/g;

/** Names of events and pieces, in order. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/[<[]\d+/g)].map(([name]) => name);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('an event says nothing');
  return value;
}
