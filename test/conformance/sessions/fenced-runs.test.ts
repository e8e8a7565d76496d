// A manager whose run was taken over while it slept stores no further event of it, whatever its own clock says and however long the
// event was on its way: on memory, SQLite and PostgreSQL.
import { nodePlatform, sha256 } from 'runlog';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoreMaker, StorePlace } from '../../../src/conformance/index.ts';
import { isSessionLogStore, type LogStore } from '../../../src/log/index.ts';
import {
  countingMint,
  openLogSessionStore,
  scriptedAgent,
  SessionManager,
  type SessionManagerOptions,
  type SessionStore,
} from '../../../src/sessions/index.ts';
import { manualTime } from '../../harness/manual-time.ts';
import { disagreements, newCanceller, type Play, replacedStore } from '../../harness/session-bed.ts';
import { memoryPlaces } from '../memory-places.ts';
import { postgresPlaces } from '../postgres-places.ts';
import { sqlitePlaces } from '../sqlite-places.ts';

const makers: readonly (readonly [string, () => StoreMaker])[] = [
  ['memory', () => memoryPlaces()],
  ['SQLite', () => sqlitePlaces('process')],
  ['PostgreSQL', () => postgresPlaces('process', 'url')],
];
const hourMs = 3_600_000;

/** Something that a test lets happen. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each(makers)('a run that was taken over, on %s', (_name, make) => {
  let place: StorePlace;
  let store: SessionStore;
  let other: SessionStore;
  const mint = countingMint(Date.UTC(2026, 10, 21));

  beforeEach(async () => {
    place = await make().make();
    const open = async (handle: Promise<LogStore>): Promise<SessionStore> => {
      const log = await handle;
      if (!isSessionLogStore(log)) throw new Error('this store keeps no sessions');
      return openLogSessionStore(log, nodePlatform);
    };
    store = await open(place.open());
    other = await open(place.otherHandle());
  });
  afterEach(() => place.destroy());

  /** A process that has slept has the clock of before; the one that takes over is an hour ahead. */
  const sleeper = (play: Play, more: Partial<SessionManagerOptions> = {}) => {
    const time = manualTime();
    return { time, manager: managerOf('sleeper', store, play, { platform: time, ...more }) };
  };
  const successor = (play: Play) =>
    managerOf('successor', other, play, { platform: { ...manualTime(), nowMs: () => hourMs } });
  const managerOf = (
    owner: string,
    over: SessionStore,
    play: Play,
    more: Pick<SessionManagerOptions, 'platform'> & Partial<SessionManagerOptions>,
  ): SessionManager =>
    new SessionManager({
      ...{ store: over, mint, sha256, owner, leaseMs: 15_000 },
      agent: scriptedAgent({ name: 'claude', newCanceller, play }),
      ...more,
    });

  const say =
    (content: string): Play =>
    async ({ tell }) => {
      await tell({ type: 'message_received', data: { role: 'assistant', content } });
      return { output: { content } };
    };
  const said = async (): Promise<readonly unknown[]> =>
    (await other.getEvents('s', { type: 'message_received' })).map(({ data }) => data['content']);

  async function begun(
    manager: SessionManager,
  ): Promise<{ readonly id: string; readonly lost: Promise<unknown> }> {
    await manager.startSession({ id: 's' });
    const { id } = await manager.startRun('s', 'go');
    const lost = manager.executeRun(id).then(
      () => 'completed',
      (error: unknown) => error,
    );
    return { id, lost };
  }

  test('stores nothing more by the one that slept, which is told so', async () => {
    const wake = gate();
    const { manager } = sleeper(async (scene) => {
      await say('before')(scene);
      await wake.opened;
      return say('late')(scene);
    });
    const { id, lost } = await begun(manager);
    await expect.poll(said).toEqual(['before']);
    expect((await successor(say('after')).resumeRun(id)).run.status).toBe('completed');
    wake.open();
    expect(await lost).toMatchObject({
      code: 'invalid_operation',
      context: { run_id: id, reason: 'taken_over', status: 'completed' },
    });
    expect(await said()).toEqual(['before', 'after']);
    expect(await disagreements(other, 's')).toEqual([]);
  });

  test('refuses an event that was on its way when it was ended', async () => {
    const sent = gate();
    const arrive = gate();
    const slow = replacedStore(store, {
      appendEvents: async (...args) => {
        sent.open();
        await arrive.opened;
        return store.appendEvents(...args);
      },
    });
    const { manager } = sleeper(say('late'), { store: slow });
    const { lost } = await begun(manager);
    await sent.opened;
    expect((await successor(say('never')).recover()).map(({ status }) => status)).toEqual(['failed']);
    arrive.open();
    expect(await lost).toMatchObject({ code: 'invalid_operation', context: { status: 'failed' } });
    expect(await said()).toEqual([]);
    expect(await disagreements(other, 's')).toEqual([]);
  });

  test('refuses a piece of text that was held back for its neighbours', async () => {
    const told = gate();
    const wake = gate();
    const { manager, time } = sleeper(
      async ({ tell }) => {
        await tell({ type: 'message_streamed', data: { delta: 'half', content: 'half' } });
        told.open();
        await wake.opened;
        return {};
      },
      { coalescing: { maxDelayMs: 200 } },
    );
    const { id, lost } = await begun(manager);
    await told.opened;
    await successor(say('after')).resumeRun(id);
    await time.advance(200);
    wake.open();
    expect(await lost).toMatchObject({ code: 'invalid_operation' });
    expect(await other.getEvents('s', { type: 'message_streamed' })).toEqual([]);
    expect(await disagreements(other, 's')).toEqual([]);
  });

  test('and others in the same session are no reason to refuse: two runs at once lose nothing', async () => {
    const texts = Array.from({ length: 15 }, (_, index) => `${index}`);
    const { manager } = sleeper(async (scene) => {
      for (const text of texts) await say(text)(scene);
      return {};
    });
    await manager.startSession({ id: 's' });
    const runs = await Promise.all([manager.startRun('s', 'one'), manager.startRun('s', 'two')]);
    const ended = await Promise.all(runs.map(({ id }) => manager.executeRun(id)));
    expect(ended.map(({ persistenceFailures }) => persistenceFailures)).toEqual([0, 0]);
    for (const { id } of runs) {
      const own = await other.getEvents('s', { type: 'message_received', runId: id });
      expect(own.map(({ data }) => data['content'])).toEqual(texts);
    }
    expect(await disagreements(other, 's')).toEqual([]);
  });
});
