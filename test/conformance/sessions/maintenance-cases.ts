// Decides what maintenance has to do in every store: one list, so that no knob works in one of them alone.
import { expect } from 'vitest';
import { nodePlatform, sha256 } from 'runlog';
import { MemoryDatabase, openMemoryStore, type SearchableStore } from 'runlog/log';
import { type MaintenanceReport, openLogSessionStore, type SessionArchive } from 'runlog/sessions';
import { daysAgo, oldArtifacts, type RetentionBed, times } from '../../harness/retention-bed.ts';

export interface MaintenanceCase {
  readonly name: string;
  readonly run: (bed: RetentionBed) => Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const old = { updatedAt: daysAgo(100), status: 'completed' } as const;
const marked = { deletedAt: daysAgo(60), status: 'completed' } as const;

/** What a dry run and an execution have to agree on. */
function doneIn({ isDryRun: _dry, durationMs: _ms, ...rest }: MaintenanceReport) {
  return rest;
}

function memoryArchive(artifacts: SessionArchive['artifacts'] = oldArtifacts()): SessionArchive {
  const database = new MemoryDatabase('archive');
  const store = openMemoryStore({ sha256, nowMs: nodePlatform.nowMs, database });
  return { store, artifacts, close: async () => undefined };
}

/** The store with one of its methods replaced. */
function withMethods(store: SearchableStore, methods: Partial<SearchableStore>): SearchableStore {
  return new Proxy(store, {
    get: (target, name): unknown => {
      const own: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      return (...given: unknown[]): unknown => Reflect.apply(own, target, given);
    },
  });
}

export const maintenanceCases: readonly MaintenanceCase[] = [
  {
    name: 'maxSessionAgeDays marks by the making, also what was touched yesterday',
    async run(bed) {
      await bed.session('made long ago', {
        createdAt: daysAgo(400),
        updatedAt: daysAgo(1),
        status: 'failed',
      });
      await bed.session('made lately', { createdAt: daysAgo(5), updatedAt: daysAgo(1) });
      const report = await bed.maintenance().softDelete({ maxSessionAgeDays: 365 });
      expect(report.softDeleted).toEqual([{ sessionId: 'made long ago', because: 'maxSessionAgeDays' }]);
      expect(await bed.marked()).toEqual(['made long ago']);
      expect((await bed.maintenance().softDelete({ maxSessionAgeDays: 365 })).softDeleted).toEqual([]);
    },
  },
  {
    name: 'exemptStatuses and exemptTags are those of the policy',
    async run(bed) {
      for (const status of ['active', 'completed', 'pending'] as const)
        await bed.session(status, { ...old, status });
      await bed.session('pinned', { ...old, tags: ['x', 'pinned'] });
      await bed.session('evidence', { ...old, status: 'failed', tags: ['evidence'] });
      await bed.maintenance().softDelete({ exemptStatuses: ['completed'], exemptTags: ['evidence'] });
      expect(await bed.marked()).toEqual(['active', 'pending']);
      await bed.maintenance().softDelete({ exemptStatuses: [], exemptTags: [] });
      expect(await bed.marked()).toEqual(['active', 'completed', 'evidence', 'pending', 'pinned']);
    },
  },
  {
    name: 'without a limit nothing is marked or removed',
    async run(bed) {
      await bed.session('old', old);
      await bed.session('marked', marked);
      const policy = { maxCompletedSessionAgeDays: Infinity, hardDeleteAfterDays: Infinity };
      expect(await bed.maintenance().execute(policy)).toMatchObject({
        softDeleted: [],
        hardDeleted: [],
        ok: true,
      });
      expect(await bed.ids()).toEqual(['marked', 'old']);
    },
  },
  {
    name: 'pinned sessions lose nothing, whatever the policy says',
    async run(bed) {
      await bed.session('s', { ...marked, updatedAt: daysAgo(100), tags: ['pinned'] });
      await bed.events('s', times(9, 'message_streamed'));
      const report = await bed.maintenance().execute({ maxEventsPerSession: 1, maxTotalEvents: 1 });
      expect(report).toMatchObject({ softDeleted: [], hardDeleted: [], pruned: [], ok: true });
      expect(await bed.types('s')).toEqual(times(9, 'message_streamed'));
    },
  },
  {
    name: 'a session in which a run is under way is neither marked nor removed; one that was left by its owner is',
    async run(bed) {
      const lease = (expiresAt: string) => ({ lease: { owner: 'p', epoch: 1, expires_at: expiresAt } });
      for (const id of ['worked in', 'left']) await bed.session(id, old);
      for (const id of ['removed under', 'removed']) await bed.session(id, marked);
      for (const id of ['worked in', 'removed under']) await bed.run(`of ${id}`, id, lease(daysAgo(-1)));
      for (const id of ['left', 'removed']) await bed.run(`of ${id}`, id, lease(daysAgo(1)));
      await bed.maintenance().execute();
      expect(await bed.ids()).toEqual(['left', 'removed under', 'worked in']);
      expect(await bed.marked()).toEqual(['left', 'removed under']);
    },
  },
  {
    name: 'pruning takes the oldest of the first types, then the oldest others, and never what is kept by its type',
    async run(bed) {
      await bed.session('s');
      await bed.events('s', [
        'session_created',
        'tool_call_started',
        'message_streamed',
        'message_sent',
        'tool_call_completed',
        'message_streamed',
        'message_received',
      ]);
      const first = await bed.maintenance().prune('s', { maxEventsPerSession: 6 });
      expect(first.pruned).toEqual([{ sessionId: 's', events: 1, left: 6 }]);
      expect((await bed.types('s'))[2]).toBe('(message_streamed)');
      await bed
        .maintenance()
        .prune('s', { maxEventsPerSession: 5, pruneEventTypesFirst: ['tool_call_completed'] });
      expect((await bed.types('s')).filter((type) => type.startsWith('('))).toEqual([
        '(message_streamed)',
        '(tool_call_completed)',
      ]);
      const most = await bed.maintenance().prune('s', { maxEventsPerSession: 1 });
      expect(most.pruned).toEqual([{ sessionId: 's', events: 2, left: 3 }]);
      expect((await bed.types('s')).filter((type) => !type.startsWith('('))).toEqual([
        'session_created',
        'message_sent',
        'message_received',
      ]);
      await expect(bed.maintenance().prune('nobody')).rejects.toMatchObject({ code: 'session_not_found' });
    },
  },
  {
    name: 'maxTotalEvents prunes the sessions that were made first, first types of all of them before others',
    async run(bed) {
      for (const id of ['one', 'two', 'three']) {
        await bed.session(id, id === 'two' ? { tags: ['pinned'] } : {});
        await bed.events(id, ['tool_call_started', 'message_streamed', 'message_sent', 'message_streamed']);
      }
      const { pruned } = await bed.maintenance().execute({ maxTotalEvents: 9 });
      expect(pruned).toEqual([
        { sessionId: 'one', events: 2, left: 2 },
        { sessionId: 'three', events: 1, left: 3 },
      ]);
      expect((await bed.maintenance().execute({ maxTotalEvents: 9 })).pruned).toEqual([]);
      await bed.maintenance().execute({ maxTotalEvents: 7 });
      expect(await bed.types('one')).toEqual([
        '(tool_call_started)',
        '(message_streamed)',
        'message_sent',
        '(message_streamed)',
      ]);
      expect(await bed.types('three')).toEqual([
        'tool_call_started',
        '(message_streamed)',
        'message_sent',
        '(message_streamed)',
      ]);
    },
  },
  {
    name: 'batchSize is what is read at once and what one transaction prunes',
    async run(bed) {
      for (const id of ['a', 'b', 'c', 'd', 'e']) await bed.session(id, old);
      await bed.events('a', times(7, 'message_streamed'));
      const limits: number[] = [];
      const batches: number[] = [];
      const { store } = bed;
      const watched = withMethods(store, {
        findRecords: (query, page) => {
          if (query.kind === 'session') limits.push(page.limit);
          return store.findRecords(query, page);
        },
        redact: (redaction) => {
          batches.push(redaction.seqs.length);
          return store.redact(redaction);
        },
      });
      const report = await bed.over(watched).execute({ batchSize: 2, maxEventsPerSession: 2 });
      expect(report.softDeleted.length).toBe(5);
      expect(new Set(limits)).toEqual(new Set([2]));
      expect(batches).toEqual([2, 2, 1]);
    },
  },
  {
    name: 'a dry run tells what the execution then does, and changes nothing',
    async run(bed) {
      await bed.session('old', { ...old, createdAt: daysAgo(500) });
      await bed.session('marked', marked);
      await bed.session('long', { updatedAt: daysAgo(1) });
      await bed.session('kept', { tags: ['pinned'] });
      for (const id of ['old', 'marked', 'long', 'kept']) {
        await bed.events(id, [...times(4, 'message_streamed'), 'message_sent']);
        await bed.registry.of(id).put('a', bytes(id));
      }
      await bed.registry.of('long').put('lost', bytes('lost'));
      await bed.loseRow('long', 'lost');
      const openArchive = async () => memoryArchive();
      const policy = {
        maxSessionAgeDays: 365,
        maxEventsPerSession: 4,
        maxTotalEvents: 11,
        archiveBeforePrune: true,
        archiveStore: 'archive',
        archiveArtifacts: 'files',
      };
      const before = await bed.everything();
      const told = await bed.maintenance({ openArchive }).dryRun(policy);
      expect(await bed.everything()).toEqual(before);
      const done = await bed.maintenance({ openArchive }).execute(policy);
      expect(done.ok).toBe(true);
      expect(doneIn(told)).toEqual(doneIn(done));
      expect(told.isDryRun).toBe(true);
      expect(done.softDeleted).toEqual([{ sessionId: 'old', because: 'maxCompletedSessionAgeDays' }]);
      expect(done.hardDeleted.length).toBe(1);
      expect(done.pruned.length).toBeGreaterThan(1);
      expect(done.artifactsCleaned).toEqual([{ key: 'long/lost', size: 4 }]);
      expect(done.archived.toSorted()).toEqual(['long', 'marked', 'old']);
    },
  },
  {
    name: 'before data goes the session is whole in the archive, with its artifacts, and later ones join the first',
    async run(bed) {
      await bed.session('s', { tags: ['t'] });
      await bed.run('r', 's');
      await bed.events('s', ['message_sent', ...times(3, 'message_streamed')]);
      await bed.registry.of('s').put('a', bytes('content'));
      const archive = memoryArchive();
      const maintenance = bed.maintenance({ openArchive: async () => archive });
      const policy = {
        archiveBeforePrune: true,
        archiveStore: 'x',
        archiveArtifacts: 'y',
        maxEventsPerSession: 2,
      };
      expect(await maintenance.execute(policy)).toMatchObject({ archived: ['s'], ok: true });
      await bed.events('s', ['message_streamed']);
      const read = await bed.sessions.getSession('s');
      await bed.sessions.saveSession({ ...read, deletedAt: daysAgo(40) });
      expect(await maintenance.execute(policy)).toMatchObject({
        hardDeleted: [{ sessionId: 's', events: 5 }],
        errors: [],
      });
      const archived = openLogSessionStore(archive.store, nodePlatform);
      const events = await archived.getEvents('s');
      expect(events.map(({ type, redacted }) => [type, redacted])).toEqual(
        ['message_sent', ...times(4, 'message_streamed')].map((type) => [type, undefined]),
      );
      expect(await archived.getSession('s')).toMatchObject({ tags: ['t'], deletedAt: daysAgo(40) });
      expect((await archived.listRuns('s')).map(({ id }) => id)).toEqual(['r']);
      expect((await archive.artifacts?.get('s/a'))?.bytes).toEqual(bytes('content'));
      expect(await bed.ids()).toEqual([]);
    },
  },
  {
    name: 'what cannot be archived loses nothing, and the rest goes on',
    async run(bed) {
      for (const id of ['first', 'second']) {
        await bed.session(id, marked);
        await bed.events(id, times(3, 'message_sent'));
      }
      const archive = memoryArchive();
      // Another session of that name stands there already.
      const there = openLogSessionStore(archive.store, nodePlatform);
      const other = await bed.sessions.getEvents('second', { limit: 1 });
      await there.appendEvents(other.map((event) => ({ ...event, sessionId: 'first' })));
      const before = await archive.store.head('first');
      const policy = { archiveBeforePrune: true, archiveStore: 'x' };
      const report = await bed.maintenance({ openArchive: async () => archive }).execute(policy);
      expect(report.errors).toMatchObject([
        { step: 'hard-delete', sessionId: 'first', code: 'maintenance_error' },
      ]);
      expect(await bed.ids()).toEqual(['first']);
      expect(await bed.types('first')).toEqual(times(3, 'message_sent'));
      expect(report.archived).toEqual(['second']);
      expect(await archive.store.head('first')).toEqual(before);
      const itself = { store: bed.store, artifacts: null, close: async () => undefined };
      const again = await bed.maintenance({ openArchive: async () => itself }).execute(policy);
      expect(again.errors[0]?.message).toContain('the archive is the store itself');
      expect(await bed.ids()).toEqual(['first']);
    },
  },
  {
    name: 'a session with artifacts goes only when their store is known, and is archived only with a place for them',
    async run(bed) {
      await bed.session('s', marked);
      await bed.registry.of('s').put('a', bytes('x'));
      const blind = await bed.maintenance({ artifacts: null }).execute();
      expect(blind.errors).toMatchObject([{ sessionId: 's', code: 'maintenance_error' }]);
      const policy = { archiveBeforePrune: true, archiveStore: 'x' };
      const ref = bed.maintenance({ openArchive: async () => memoryArchive() });
      for (const report of [await ref.dryRun(policy), await ref.execute(policy)])
        expect(report.errors[0]?.message).toContain('1 artifacts');
      expect(await bed.ids()).toEqual(['s']);
      expect((await bed.registry.of('s').get('a')).bytes).toEqual(bytes('x'));
    },
  },
  {
    name: 'orphans of this store go; what is young, named, or was put by others stays',
    async run(bed) {
      await bed.session('s');
      for (const name of ['named', 'lost']) await bed.registry.of('s').put(name, bytes(name));
      await bed.loseRow('s', 'lost');
      await bed.artifacts.put('s/by hand', bytes('by hand'));
      await bed.artifacts.put('other/x', bytes('x'), { metadata: { 'runlog-store': 'another store' } });
      const young = await bed.maintenance().cleanOrphanedArtifacts({ artifactGraceMs: 51 * 86_400_000 });
      expect(young.artifactsCleaned).toEqual([]);
      const report = await bed.maintenance().cleanOrphanedArtifacts();
      expect(report.artifactsCleaned).toEqual([{ key: 's/lost', size: 4 }]);
      const { artifacts } = await bed.artifacts.list();
      expect(artifacts.map(({ key }) => key)).toEqual(['other/x', 's/by hand', 's/named']);
    },
  },
  {
    name: 'what was changed since it was looked at is kept',
    async run(bed) {
      await bed.session('touched', old);
      await bed.session('brought back', marked);
      const { store } = bed;
      const racing = withMethods(store, {
        findRecords: async (query, page) => {
          const found = await store.findRecords(query, page);
          if (query.kind !== 'session') return found;
          const id = query.orderBy === 'deleted' ? 'brought back' : 'touched';
          const session = await bed.sessions.getSession(id);
          await bed.sessions.saveSession({ ...session, deletedAt: null, tags: [...session.tags, 'new'] });
          return found;
        },
      });
      expect(await bed.over(racing).execute()).toMatchObject({
        softDeleted: [],
        hardDeleted: [],
        errors: [],
      });
      expect(await bed.ids()).toEqual(['brought back', 'touched']);
      expect(await bed.marked()).toEqual([]);
    },
  },
  {
    name: 'what was pinned since it was chosen for pruning keeps its data',
    async run(bed) {
      const session = await bed.session('s');
      await bed.events('s', times(3, 'message_streamed'));
      const { store } = bed;
      const racing = withMethods(store, {
        async *read(logId, options) {
          yield* store.read(logId, options);
          await bed.sessions.saveSession({ ...session, tags: ['pinned'] });
        },
      });
      expect(
        (await bed.over(racing).execute({ maxEventsPerSession: 1, maxCompletedSessionAgeDays: Infinity }))
          .pruned,
      ).toEqual([]);
      expect(await bed.types('s')).toEqual(times(3, 'message_streamed'));
    },
  },
  {
    name: 'a row that cannot be read is told, and the rest goes on',
    async run(bed) {
      for (const id of ['a', 'b', 'c', 'd']) await bed.session(id, old);
      await bed.breakRow('b');
      const report = await bed.maintenance().softDelete({ batchSize: 1 });
      expect(report.softDeleted.map(({ sessionId }) => sessionId)).toEqual(['a', 'c', 'd']);
      expect(report.errors).toMatchObject([{ step: 'soft-delete', sessionId: 'b' }]);
    },
  },
  {
    name: 'stopped in between, the same call goes on',
    async run(bed) {
      for (const id of ['a', 'b', 'c']) await bed.session(id, old);
      const stop = new AbortController();
      const maintenance = bed.maintenance();
      const first = await maintenance.execute({}, { signal: stop.signal, onProgress: () => stop.abort() });
      expect([first.softDeleted.length, first.isStopped, first.ok]).toEqual([1, true, false]);
      expect((await maintenance.execute()).softDeleted.length).toBe(2);
      expect(await bed.marked()).toEqual(['a', 'b', 'c']);
    },
  },
  {
    name: 'health is a list of sentences, empty when nothing is wrong',
    async run(bed) {
      await bed.session('s');
      await bed.registry.of('s').put('a', bytes('x'));
      expect(await bed.maintenance().healthCheck()).toEqual([]);
      await bed.artifacts.delete('s/a');
      await bed.store.commit([], [{ kind: 'execution', id: 'nobody/r', expectedVersion: 0, value: '{}' }]);
      expect(await bed.maintenance().healthCheck()).toEqual([
        "document 'nobody/r' of kind 'execution': It belongs to a run that is not there.",
        expect.stringMatching(/^Artifact 's\/a' of session 's' is missing: .*\.$/),
      ]);
    },
  },
];
