// Scenario 29 of agent sessions: what a policy lets go is marked, then removed whole; what is pruned keeps its place.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore, sha256 } from 'runlog';
import { ChainCheck, type LogStore, MemoryDatabase, openMemoryStore } from 'runlog/log';
import { describe, expect, onTestFinished, test } from 'vitest';
import { daysAgo, RetentionBed, times } from '../../harness/retention-bed.ts';

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-29-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'sessions.db');
};

interface Ground {
  readonly store: LogStore;
  /** From now on the transaction that removes this session fails after its first deletion. */
  readonly breakRemoval: (sessionId: string) => void;
}

const grounds: Readonly<Record<string, () => Promise<Ground>>> = {
  memory: async () => {
    const database = new MemoryDatabase();
    const forget = database.forget.bind(database);
    return {
      store: openMemoryStore({ sha256, nowMs: Date.now, database }),
      breakRemoval: (sessionId) => {
        database.forget = (logId) => {
          if (logId === sessionId) throw new Error('the memory is full');
          forget(logId);
        };
      },
    };
  },
  SQLite: async () => {
    const path = scratch();
    return {
      store: await openStore(`sqlite:///${path}`),
      breakRemoval: (sessionId) => {
        const database = new DatabaseSync(path);
        database.exec(`CREATE TRIGGER broken BEFORE DELETE ON records
          WHEN OLD.id = '${sessionId}/session' BEGIN SELECT RAISE(ABORT, 'broken'); END`);
        database.close();
      },
    };
  },
};

async function bedOf(name: string): Promise<RetentionBed & Pick<Ground, 'breakRemoval'>> {
  const ground = await grounds[name]?.();
  if (ground === undefined) throw new Error(`no ground '${name}'`);
  onTestFinished(() => ground.store.close());
  return Object.assign(new RetentionBed(ground.store), { breakRemoval: ground.breakRemoval });
}

describe.each(Object.keys(grounds))('29 on %s', (name) => {
  test('a session that was not touched for 90 days is marked; pinned, active and young ones are kept', async () => {
    const bed = await bedOf(name);
    const old = { updatedAt: daysAgo(100) };
    await bed.session('old', { ...old, status: 'completed' });
    await bed.session('pinned', { ...old, status: 'completed', tags: ['pinned'] });
    await bed.session('active', { ...old, status: 'active' });
    await bed.session('young', { updatedAt: daysAgo(0), status: 'completed' });
    const report = await bed.maintenance().execute({ maxCompletedSessionAgeDays: 90 });
    expect(report.softDeleted).toEqual([{ sessionId: 'old', because: 'maxCompletedSessionAgeDays' }]);
    expect(await bed.marked()).toEqual(['old']);
    expect(await bed.sessions.getSession('old')).toMatchObject({
      deletedAt: daysAgo(0),
      updatedAt: daysAgo(100),
    });
  });

  test('a session that was marked 60 days ago goes with runs, events, artifacts, their bytes and its counter', async () => {
    const bed = await bedOf(name);
    for (const id of ['gone', 'gone/not', 'kept']) {
      const marked = id === 'gone' ? { deletedAt: daysAgo(60) } : { deletedAt: daysAgo(10) };
      await bed.session(id, { ...marked, status: 'completed' });
      await bed.run(`run of ${id}`, id);
      await bed.events(id, times(3, 'message_sent'));
      await bed.registry.of(id).put('a', new TextEncoder().encode(`of ${id}`));
    }
    const report = await bed.maintenance().execute({ hardDeleteAfterDays: 30 }, { artifactGraceMs: 0 });
    expect(report).toMatchObject({ ok: true, errors: [] });
    expect(report.hardDeleted).toEqual([{ sessionId: 'gone', events: 3, runs: 1, artifacts: 1 }]);
    expect(await bed.ids()).toEqual(['gone/not', 'kept']);
    expect(await bed.sessions.listRuns('gone')).toEqual([]);
    expect(await bed.sessions.getLatestSequence('gone')).toBe(0);
    expect((await bed.registry.of('gone').list()).length).toBe(0);
    expect((await bed.artifacts.list()).artifacts.map(({ key }) => key)).toEqual(['gone%2Fnot/a', 'kept/a']);
    // The bytes were swept with it: nothing is left to be.
    expect(await bed.artifacts.sweep({ olderThanMs: 0 })).toEqual({ blobs: 0, bytes: 0 });
    await bed.events('gone', ['message_sent']);
    expect(await bed.sessions.getLatestSequence('gone')).toBe(1);
  });

  test('a failure in the middle of a removal leaves everything of that session, is told, and does not stop the rest', async () => {
    const bed = await bedOf(name);
    for (const [id, days] of [
      ['a', 62],
      ['b', 61],
      ['c', 60],
    ] as const) {
      await bed.session(id, { deletedAt: daysAgo(days) });
      await bed.run(`run of ${id}`, id);
      await bed.events(id, times(2, 'message_sent'));
      await bed.registry.of(id).put('x', new TextEncoder().encode(id));
    }
    bed.breakRemoval('b');
    const report = await bed.maintenance().execute();
    expect(report.hardDeleted.map(({ sessionId }) => sessionId)).toEqual(['a', 'c']);
    expect(report.ok).toBe(false);
    expect(report.errors).toMatchObject([{ step: 'hard-delete', sessionId: 'b' }]);
    expect(await bed.ids()).toEqual(['b']);
    expect((await bed.sessions.listRuns('b')).length).toBe(1);
    expect(await bed.types('b')).toEqual(times(2, 'message_sent'));
    expect((await bed.registry.of('b').get('x')).bytes).toEqual(new TextEncoder().encode('b'));
  });

  test('of ten streamed pieces five lose their data, what tells of the run keeps it, and numbers go on', async () => {
    const bed = await bedOf(name);
    await bed.session('s', { status: 'active' });
    await bed.events('s', times(10, 'message_streamed'));
    const before = await bed.store.head('s');
    const policy = { maxEventsPerSession: 5 };
    expect((await bed.maintenance().execute(policy)).pruned).toEqual([
      { sessionId: 's', events: 5, left: 5 },
    ]);
    expect(await bed.types('s')).toEqual([
      ...times(5, 'message_streamed').map((type) => `(${type})`),
      ...times(5, 'message_streamed'),
    ]);
    expect((await bed.maintenance().execute(policy)).pruned).toEqual([]);
    expect(await bed.store.head('s')).toEqual(before);
    await bed.events('s', ['run_started', 'message_sent', 'run_completed']);
    await bed.maintenance().execute({ maxEventsPerSession: 1 });
    expect((await bed.types('s')).slice(9)).toEqual([
      '(message_streamed)',
      'run_started',
      'message_sent',
      'run_completed',
    ]);
    const check = new ChainCheck('s', sha256);
    for await (const page of bed.store.read('s', { hashes: true }))
      for (const event of page) check.next(event);
    check.end(await bed.store.head('s'));
    const events = await bed.sessions.getEvents('s');
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(
      Array.from({ length: 13 }, (_, n) => n + 1),
    );
  });
});
