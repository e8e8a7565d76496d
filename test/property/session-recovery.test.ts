// A process that stops at any write of a run - before it, after it, or in it and never heard of again - leaves session, run and events
// that agree after recovery. Every write of every story is stopped at, in each way, and then recovered or gone on with.
import { expect, test } from 'vitest';
import {
  capabilityFromJson,
  newPolicy,
  routedAgent,
  type RunOptions,
  scriptedAgent,
  sessionError,
  type SessionManager,
  type SessionStore,
  waitsBeforeTools,
} from 'runlog/sessions';
import { nodePlatform } from 'runlog';
import {
  disagreements,
  newCanceller,
  type Play,
  sayHello,
  type SessionBed,
  sessionBed,
} from '../harness/session-bed.ts';

type Breakdown = 'before' | 'after' | 'silent';

const writes: readonly string[] = [
  'flush',
  'saveRun',
  'saveSession',
  'appendEvents',
  'appendEvent',
  'appendEventWithSequence',
] satisfies readonly (keyof SessionStore)[];

/** Passes everything on until the `stopAt`th write; from then on the process is gone, and no write of it works. */
function dying(store: SessionStore, stopAt: number, breakdown: Breakdown) {
  let count = 0;
  let tell: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (tell = resolve));
  const broken = new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (!writes.includes(String(name)))
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
  return { store: broken, gone, count: () => count };
}

interface Story {
  readonly open: (bed: SessionBed, store: SessionStore) => SessionManager;
  readonly options?: (bed: SessionBed) => RunOptions;
}

const playing = (play: Play): Story => ({ open: (bed, store) => bed.manager(play, { store }) });

const failing: Play = async ({ tell }) => {
  await tell({ type: 'run_started', data: {} });
  throw new Error('the agent broke down');
};

const timesOut: Play = async ({ tell }) => {
  await tell({ type: 'run_started', data: {} });
  await tell({ type: 'token_usage_updated', data: { input_tokens: 1, output_tokens: 1 } });
  throw sessionError('provider_timeout');
};

const stories: Readonly<Record<string, Story>> = {
  completes: playing(sayHello),
  fails: playing(failing),
  'is cancelled': {
    open: (bed, store) => {
      const manager = bed.manager(
        async ({ run, tell }) => {
          await tell({ type: 'run_started', data: {} });
          void manager.cancelRun(run.id).catch(() => undefined);
          return new Promise(() => undefined);
        },
        { store },
      );
      return manager;
    },
  },
  'breaks its policy': {
    ...playing(sayHello),
    options: () => ({ policies: [newPolicy({ toolRules: [{ deny: ['bash'] }] })] }),
  },
  'waits for a person': {
    open: (bed, store) => {
      const capabilities = [capabilityFromJson({ name: waitsBeforeTools, type: 'tool' })];
      const agent = scriptedAgent({ name: 'claude', capabilities, newCanceller, play: sayHello });
      return bed.manager(sayHello, { store, agent });
    },
    // The person sits at another process, which lives.
    options: (bed) => ({
      policies: [newPolicy({ toolRules: [{ deny: ['bash'] }], onViolation: 'request_approval' })],
      onEvent: ({ type }) => {
        if (type !== 'tool_approval_requested') return;
        const other = bed.manager(sayHello);
        const grant = async (): Promise<void> => {
          for (const { id } of await other.pendingApprovals('s')) await other.grantApproval('s', id);
        };
        void grant().catch(() => undefined);
      },
    }),
  },
  'is handed on to another agent': {
    open: (bed, store) => {
      const agents = [['bad', timesOut] as const, ['good', sayHello] as const].map(([name, play]) =>
        scriptedAgent({ name, newCanceller, play }),
      );
      return bed.manager(sayHello, { store, agent: routedAgent({ agents, platform: nodePlatform }) });
    },
  },
};

async function live(
  manager: SessionManager,
  how: 'once' | 'in a session',
  options: RunOptions,
): Promise<void> {
  if (how === 'once') {
    await manager.runOnce('go', { session: { id: 's' }, ...options });
    return;
  }
  await manager.startSession({ id: 's' });
  await manager.activateSession('s');
  const { id } = await manager.startRun('s', 'go');
  await manager.executeRun(id, options);
  await manager.completeSession('s');
}

interface Ending {
  readonly stopAt: number;
  readonly breakdown: Breakdown;
  readonly how: 'once' | 'in a session';
  readonly afterwards: 'recover' | 'resume';
}

/** What does not agree afterwards. `writes` counts those of the first process. */
async function lived({ open, options }: Story, { stopAt, breakdown, how, afterwards }: Ending) {
  const bed = sessionBed();
  const { store, gone, count } = dying(bed.store, stopAt, breakdown);
  const asked = options?.(bed) ?? {};
  const working = live(open(bed, store), how, asked).catch(() => undefined);
  await Promise.race([working, gone]);
  bed.lapse();
  const second = open(bed, bed.store);
  if (afterwards === 'resume') {
    for (const { id } of await second.findAbandoned())
      await second.resumeRun(id, asked).catch(() => undefined);
  }
  await second.recover();
  const found: unknown[] = [];
  if ((await bed.store.listSessions()).length > 0) {
    found.push(...(await disagreements(bed.store, 's')));
    found.push(...(await bed.store.listRuns('s', { status: 'running' })));
    found.push(...(await second.pendingApprovals('s')));
  }
  found.push(...(await second.recover()));
  return { found, writes: count() };
}

test.each(Object.entries(stories))(
  'a run that %s: stopped at any of its writes, session, run and events agree, and the run has ended once',
  async (_what, story) => {
    const wrong: unknown[] = [];
    for (const how of ['once', 'in a session'] as const) {
      const whole = { stopAt: Infinity, breakdown: 'before', how, afterwards: 'recover' } as const;
      const undisturbed = await lived(story, whole);
      expect(undisturbed.found).toEqual([]);
      expect(undisturbed.writes).toBeGreaterThan(2);
      for (let stopAt = 1; stopAt <= undisturbed.writes; stopAt += 1)
        for (const breakdown of ['before', 'after', 'silent'] as const)
          for (const afterwards of ['recover', 'resume'] as const) {
            const ending = { stopAt, breakdown, how, afterwards };
            const { found } = await lived(story, ending);
            if (found.length > 0) wrong.push([ending, found]);
          }
    }
    expect(wrong).toEqual([]);
  },
);
