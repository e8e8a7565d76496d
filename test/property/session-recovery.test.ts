// A process that stops between any two writes of a run, or within one, leaves session, run and events that agree after recovery.
import * as fc from 'fast-check';
import { test } from 'vitest';
import { type SessionStore } from 'runlog/sessions';
import { disagreements, sayHello, type Play, sessionBed } from '../harness/session-bed.ts';

type Breakdown = 'before' | 'after' | 'silent';

const writes = ['flush', 'saveRun', 'saveSession', 'appendEvents'] as const;

/** Passes everything on until the `stopAt`th write; from then on the process is gone, and no write of it works. */
function dying(
  store: SessionStore,
  stopAt: number,
  breakdown: Breakdown,
): { store: SessionStore; gone: Promise<void> } {
  let count = 0;
  let tell: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (tell = resolve));
  const broken = new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (!writes.some((write) => write === name))
        return (...given: unknown[]): unknown => Reflect.apply(method, target, given);
      return async (...given: unknown[]): Promise<unknown> => {
        count += 1;
        if (count < stopAt) return Reflect.apply(method, target, given);
        if (count === stopAt && breakdown !== 'before') await Reflect.apply(method, target, given);
        tell();
        if (breakdown === 'silent') return new Promise(() => undefined);
        throw new Error('the process is gone');
      };
    },
  });
  return { store: broken, gone };
}

const failing: Play = async (scene) => {
  await scene.tell({ type: 'run_started', data: {} });
  throw new Error('the agent broke down');
};

test('stopped at any write, recovered or gone on with: session, run and events agree, and the run has ended once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 16 }),
      fc.constantFrom<Breakdown>('before', 'after', 'silent'),
      fc.constantFrom('once', 'in a session'),
      fc.constantFrom('recover', 'resume'),
      fc.constantFrom(sayHello, failing),
      async (stopAt, breakdown, how, then, play) => {
        const bed = sessionBed();
        const { store, gone } = dying(bed.store, stopAt, breakdown);
        const first = bed.manager(play, { store });
        const work = async (): Promise<void> => {
          if (how === 'once') await first.runOnce('go', { session: { id: 's' } });
          else {
            await first.startSession({ id: 's' });
            await first.activateSession('s');
            const { id } = await first.startRun('s', 'go');
            await first.executeRun(id);
            await first.completeSession('s');
          }
        };
        const working = work().catch(() => undefined);
        await Promise.race([working, gone]);
        bed.lapse();
        const second = bed.manager(sayHello);
        if (then === 'resume') {
          for (const { id } of await second.findAbandoned()) await second.resumeRun(id);
        }
        await second.recover();
        if ((await bed.store.listSessions()).length === 0) return;
        const found = await disagreements(bed.store, 's');
        const running = await bed.store.listRuns('s', { status: 'running' });
        if (found.length > 0 || running.length > 0) throw new Error(JSON.stringify([found, running]));
        if ((await second.recover()).length > 0) throw new Error('what is recovered is not recovered again');
      },
    ),
    { numRuns: 150 },
  );
});
