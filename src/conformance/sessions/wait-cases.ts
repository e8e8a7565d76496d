/** Decides what a session store promises to those who wait for an event: they are woken by what they asked for, and by nothing else. */
import { expectEqual } from '../expect.ts';
import { idsOf, sampleEvent } from './samples.ts';
import { type SessionCase, type SessionContext, sessionCases, type SessionNeed } from './session-case.ts';

/** Longer than any case may take. */
const longMs = 600_000;

/** Without waiting, a reader is answered at once, with nothing. */
const answersAtOnce: SessionNeed = {
  promise: 'waits',
  async refuses({ store }) {
    expectEqual(await store.getEvents('s1', { waitTimeoutMs: longMs }), [], 'the answer');
  },
};

/** `true` when it has not answered after a while. */
async function isWaiting(answer: Promise<unknown>, { sleep }: SessionContext): Promise<boolean> {
  return Promise.race([answer.then(() => false), sleep(40).then(() => true)]);
}

export const waitCases: readonly SessionCase[] = sessionCases('wait', {
  'what-is-there-comes-at-once': {
    properties: [61],
    why: 'Who is behind must not wait for something new.',
    async run({ store, mint }) {
      await store.appendEvent(sampleEvent(mint, 'a'));
      expectEqual(idsOf(await store.getEvents('s1', { waitTimeoutMs: longMs })), ['a'], 'the events');
    },
  },
  'woken-by-an-append': {
    properties: [62],
    why: 'A page that shows a session live must show what happens when it happens.',
    needs: answersAtOnce,
    async run(context) {
      const { store, mint } = context;
      const answer = store.getEvents('s1', { waitTimeoutMs: longMs });
      expectEqual(await isWaiting(answer, context), true, 'it waits for the first event of a session');
      await store.appendEvent(sampleEvent(mint, 'a'));
      expectEqual(idsOf(await answer), ['a'], 'the events');
      const next = store.getEvents('s1', { after: 1, waitTimeoutMs: longMs });
      expectEqual(await isWaiting(next, context), true, 'it waits for the second');
      await store.appendEvents([sampleEvent(mint, 'b')]);
      expectEqual(idsOf(await next), ['b'], 'the events behind the first');
    },
  },
  'woken-by-another-handle': {
    properties: [62],
    why: 'The agent runs in one process, and the page that shows it in another.',
    needs: answersAtOnce,
    async run(context) {
      const { store, mint, place } = context;
      const answer = store.getEvents('s1', { type: 'run_started', waitTimeoutMs: longMs });
      expectEqual(await isWaiting(answer, context), true, 'it waits');
      const other = await place.otherHandle();
      await other.appendEvent(sampleEvent(mint, 'other'));
      expectEqual(await isWaiting(answer, context), true, 'it waits after an event of another type');
      await other.appendEvent(sampleEvent(mint, 'a', { type: 'run_started' }));
      expectEqual(idsOf(await answer), ['a'], 'the events');
    },
  },
  'empty-when-the-time-is-over': {
    properties: [63],
    why: 'Who asks from time to time must get an answer each time.',
    needs: answersAtOnce,
    async run(context) {
      const answer = context.store.getEvents('s1', { waitTimeoutMs: 120 });
      expectEqual(await isWaiting(answer, context), true, 'it waits');
      expectEqual(await answer, [], 'the answer');
    },
  },
  'not-woken-by-what-does-not-fit': {
    properties: [64, 65, 66],
    why: 'A reader that is woken by everything reads everything, for each event again.',
    needs: answersAtOnce,
    async run(context) {
      const { store, mint } = context;
      const wanted = { type: 'run_started', runId: 'r1' } as const;
      const answer = store.getEvents('s1', { ...wanted, waitTimeoutMs: longMs });
      await store.appendEvent(sampleEvent(mint, 'session', { ...wanted, sessionId: 's2' }));
      await store.appendEvent(sampleEvent(mint, 'type', { runId: 'r1' }));
      await store.appendEvent(sampleEvent(mint, 'run', { ...wanted, runId: 'r2' }));
      expectEqual(await isWaiting(answer, context), true, 'it waits');
      await store.appendEvent(sampleEvent(mint, 'fits', wanted));
      expectEqual(idsOf(await answer), ['fits'], 'the events');
    },
  },
  'without-the-option-at-once': {
    properties: [67],
    why: 'A plain reading must not hang.',
    async run({ store }) {
      expectEqual(await store.getEvents('s1'), [], 'the answer');
      expectEqual(await store.getEvents('s1', { waitTimeoutMs: 0 }), [], 'the answer with no time');
    },
  },
  'nothing-can-come-before-a-place': {
    why: 'A window that is full has no news.',
    async run({ store, mint }) {
      await store.appendEvent(sampleEvent(mint, 'a'));
      const options = { after: 0, before: 2, type: 'run_started', waitTimeoutMs: longMs } as const;
      expectEqual(await store.getEvents('s1', options), [], 'the answer');
    },
  },
  'close-answers-those-who-wait': {
    why: 'A process that cannot end because somebody waits has to be killed.',
    needs: answersAtOnce,
    async run(context) {
      const answer = context.store.getEvents('s1', { waitTimeoutMs: longMs });
      expectEqual(await isWaiting(answer, context), true, 'it waits');
      await context.place.closeAll();
      expectEqual(await answer, [], 'the answer');
    },
  },
  'many-wait-and-each-gets-its-own': {
    why: 'A hundred pages are open at once.',
    needs: answersAtOnce,
    async run(context) {
      const { store, mint } = context;
      const ids = Array.from({ length: 100 }, (_, index) => `r${index}`);
      const answers = ids.map((runId) => store.getEvents('s1', { runId, waitTimeoutMs: longMs }));
      expectEqual(await isWaiting(Promise.race(answers), context), true, 'all wait');
      for (const runId of ids) await store.appendEvent(sampleEvent(mint, `of ${runId}`, { runId }));
      expectEqual(
        (await Promise.all(answers)).map(idsOf),
        ids.map((runId) => [`of ${runId}`]),
        'the events of each',
      );
    },
  },
});
