/** The cases of retention: what is marked, what goes for good, what is pruned, and what stays whatever the policy says. */
import { SessionNotFoundError, ValidationError } from '../../sessions/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import { type PortCase, portCases } from '../ports/port-case.ts';
import { Aged, type MaintenancePlace, times } from './maintenance-place.ts';

export const retentionCases: readonly PortCase<MaintenancePlace>[] = [
  ...portCases<MaintenancePlace>('mark', {
    'what-is-too-old': {
      why: 'What is kept longer than was promised is what one is asked about.',
      run: async (context) => {
        const aged = new Aged(context);
        await aged.session('old', 100);
        await aged.session('new', 80);
        await aged.session('made long ago', 400, { updatedAt: aged.daysAgo(1) });
        const first = await aged.maintenance.softDelete();
        const because = 'maxCompletedSessionAgeDays';
        expectEqual(first.softDeleted, [{ sessionId: 'old', because }], 'what was marked');
        expectEqual(await aged.marked(), ['old'], 'what is marked');
        expectEqual((await aged.store.getSession('old')).updatedAt, aged.daysAgo(100), 'when it was changed');
        await aged.maintenance.softDelete({ maxSessionAgeDays: 365 });
        expectEqual(await aged.marked(), ['made long ago', 'old'], 'what is marked by the making too');
        expectEqual((await aged.maintenance.softDelete()).softDeleted, [], 'what is marked a second time');
      },
    },
    'not-what-is-exempt': {
      why: 'A session that is worked in, or that somebody has pinned, must not vanish over night.',
      run: async (context) => {
        const aged = new Aged(context);
        await aged.session('active', 100, { status: 'active' });
        await aged.session('paused', 100, { status: 'paused' });
        await aged.session('pinned', 100, { tags: ['x', 'pinned'] });
        await aged.session('evidence', 100, { tags: ['evidence'] });
        await aged.maintenance.softDelete({ exemptTags: ['pinned', 'evidence'] });
        expectEqual(await aged.marked(), [], 'what is marked of what is exempt');
        await aged.maintenance.softDelete({ exemptStatuses: ['paused'], exemptTags: [] });
        expectEqual(await aged.marked(), ['active', 'evidence', 'pinned'], 'what another policy marks');
      },
    },
  }),
  ...portCases<MaintenancePlace>('remove', {
    'with-everything': {
      why: 'What is left of a session that went for good is a leak, and its counter would number the next one.',
      run: async (context) => {
        const aged = new Aged(context);
        for (const id of ['gone', 'kept']) {
          await aged.session(id, 100, { deletedAt: aged.daysAgo(id === 'gone' ? 60 : 10) });
          await aged.run(`run of ${id}`, id);
          await aged.events(id, times(3, 'message_sent'));
        }
        await aged.session('never marked', 400);
        const { hardDeleted } = await aged.maintenance.hardDelete();
        expectEqual(hardDeleted, [{ sessionId: 'gone', events: 3, runs: 1, artifacts: 0 }], 'what went');
        expectEqual(await aged.ids(), ['kept', 'never marked'], 'what is there');
        await expectRefusal(aged.store.getSession('gone'), SessionNotFoundError, 'what went');
        expectEqual(await aged.store.listRuns('gone'), [], 'its runs');
        expectEqual(await aged.store.getLatestSequence('gone'), 0, 'its counter');
        expectEqual((await aged.types('kept')).length, 3, 'the events of another');
      },
    },
  }),
  ...portCases<MaintenancePlace>('prune', {
    'oldest-of-the-first-types-first': {
      why: 'Pieces of a streamed text are in the message anyway; what was said is nowhere else.',
      run: async (context) => {
        const aged = new Aged(context);
        await aged.session('s', 1);
        await aged.events('s', [
          'session_created',
          'tool_call_started',
          'message_streamed',
          'message_sent',
          'message_streamed',
        ]);
        const { pruned } = await aged.maintenance.prune('s', { maxEventsPerSession: 3 });
        expectEqual(pruned, [{ sessionId: 's', events: 2, left: 3 }], 'what was pruned');
        expectEqual(
          await aged.types('s'),
          [
            'session_created',
            'tool_call_started',
            '(message_streamed)',
            'message_sent',
            '(message_streamed)',
          ],
          'what lost its data',
        );
        await aged.maintenance.prune('s', { maxEventsPerSession: 1 });
        const types = await aged.types('s');
        expectTrue(
          types.includes('session_created') && types.includes('message_sent'),
          'what is never pruned',
        );
        expectEqual(types.length, 5, 'the places of the events stay');
        await aged.events('s', ['message_sent']);
        expectEqual(await aged.store.getLatestSequence('s'), 6, 'no number is given twice');
        await expectRefusal(aged.maintenance.prune('nobody'), SessionNotFoundError, 'an unknown session');
      },
    },
    'nothing-of-what-is-pinned': {
      why: 'Somebody has pinned it because it is needed whole.',
      run: async (context) => {
        const aged = new Aged(context);
        const deletedAt = aged.daysAgo(60);
        await aged.session('s', 100, { tags: ['pinned'], deletedAt });
        await aged.events('s', times(5, 'message_streamed'));
        const report = await aged.maintenance.execute({ maxEventsPerSession: 1, maxTotalEvents: 1 });
        expectEqual([report.pruned, report.hardDeleted], [[], []], 'what was done');
        expectEqual(await aged.types('s'), times(5, 'message_streamed'), 'its events');
      },
    },
  }),
  ...portCases<MaintenancePlace>('round', {
    'dry-run-tells-and-changes-nothing': {
      why: 'A policy is tried before it is trusted: a try that deletes is the accident itself.',
      run: async (context) => {
        const aged = new Aged(context);
        await aged.session('old', 100);
        await aged.session('marked', 100, { deletedAt: aged.daysAgo(60) });
        await aged.session('long', 1);
        await aged.events('long', times(4, 'message_streamed'));
        const policy = { maxEventsPerSession: 2 };
        const dry = await aged.maintenance.dryRun(policy);
        expectTrue(dry.isDryRun, 'the report of a dry run says that it is one');
        expectEqual(await aged.ids(), ['long', 'marked', 'old'], 'sessions after a dry run');
        expectEqual(await aged.marked(), ['marked'], 'marks after a dry run');
        expectEqual(await aged.types('long'), times(4, 'message_streamed'), 'events after a dry run');
        const done = await aged.maintenance.execute(policy);
        for (const part of ['softDeleted', 'hardDeleted', 'pruned', 'errors'] as const)
          expectEqual(done[part], dry[part], `${part}, as it was told before`);
        expectTrue(done.ok && !done.isDryRun, 'everything was done');
        expectEqual(await aged.ids(), ['long', 'old'], 'sessions after the execution');
        const again = await aged.maintenance.execute(policy);
        expectEqual([again.softDeleted, again.hardDeleted, again.pruned], [[], [], []], 'what is left to do');
      },
    },
    'no-policy-that-cannot-be-meant': {
      why: 'A policy that is half understood deletes what nobody wanted deleted.',
      run: async (context) => {
        const aged = new Aged(context);
        await aged.session('old', 100);
        const wrong = [
          { maxSessionAgeDays: 0 },
          { maxCompletedSessionAgeDays: -1 },
          { maxEventsPerSession: 1.5 },
          { batchSize: Infinity },
          { archiveBeforePrune: true },
          { keepForever: true },
        ];
        for (const policy of wrong) {
          const work = (async () => aged.maintenance.execute(policy))();
          await expectRefusal(work, ValidationError, JSON.stringify(policy));
        }
        expectEqual(await aged.marked(), [], 'what was marked under policies that were refused');
      },
    },
    'health-is-empty-when-nothing-is-wrong': {
      why: 'A warning that is always there is one that nobody reads.',
      run: async (context) => {
        const aged = new Aged(context);
        await aged.session('old', 100);
        await aged.session('long', 1);
        await aged.run('r', 'long');
        await aged.events('long', times(4, 'message_streamed'));
        await aged.maintenance.execute({ maxEventsPerSession: 1 });
        expectEqual(await aged.maintenance.healthCheck(), [], 'what is wrong');
      },
    },
  }),
];
