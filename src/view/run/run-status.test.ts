import { describe, expect, it } from 'vitest';
import { moment } from '../../../test/harness/planted-events.ts';
import type { LogEvent } from '../../log/index.ts';
import type { RuntimeStatus } from '../../runtime/index.ts';
import { statusText, statusToJson } from './run-status.ts';

const status: RuntimeStatus = {
  runId: 'r0',
  state: 'exhausted',
  queueDepth: 4,
  eventsProcessed: 14,
  budget: {
    used: { max_events: 7, max_cost_usd: 0.2638 },
    limits: { max_events: 7, max_cost_usd: 5 },
    cost_used_usd: '0.2638',
    cost_limit_usd: '5.00',
    exhausted_by: 'max_events',
  },
  frame: { id: 'frame_001', goal: null },
  behaviors: [
    { name: 'planner', kind: 'function', subscribedTo: ['goal.created', 'tick'], activateAfter: null },
  ],
  scheduled: 0,
  pendingApprovals: 0,
  failures: 0,
  recentEvents: [{ id: 'evt_014', type: 'runtime.budget_exhausted', actor: 'runtime', timestamp: moment }],
};
const quiet: RuntimeStatus = {
  ...status,
  state: 'idle',
  budget: { used: { max_events: 7 }, limits: { max_events: null }, exhausted_by: null },
  frame: null,
  behaviors: [],
  recentEvents: [],
};
const stop = planted('evt_014', 'runtime.budget_exhausted', { exhausted_by: 'max_events' });
const report = {
  status,
  holder: null,
  tail: [stop],
  fork: null,
  brought: null,
  isNewest: false,
  isVerified: false,
};
const fork = { parentRunId: 'r9', atEvent: 'evt_007', label: 'strict', isRecording: true };

function planted(id: string, type: string, payload: LogEvent['payload']): LogEvent {
  return { seq: 1, id, type, payload, actor: null, causedBy: null, frameId: null, timestamp: moment };
}

describe('statusText', () => {
  it('prints the blocks of the specification', () => {
    expect(statusText(report)).toEqual([
      'run_id:           r0',
      'state:            exhausted',
      'queue_depth:      4',
      'events_processed: 14',
      'frame:            frame_001 (None)',
      'budget:',
      '  max_events           7 / 7',
      '  max_cost_usd         0.2638 / 5.00',
      '  exhausted_by:        max_events',
      'registered behaviors:',
      '  planner                        function   on=goal.created,tick',
      'recent events (last 1):',
      '  evt_014            runtime.budget_exhausted  stopped: max_events',
    ]);
  });

  it('leaves out what there is nothing of', () => {
    expect(statusText({ ...report, status: quiet, tail: [] })).toEqual([
      'run_id:           r0',
      'state:            idle',
      'queue_depth:      4',
      'events_processed: 14',
      'budget:',
      '  max_events           7 / unlimited',
    ]);
  });

  it('says which run it took when nobody named one', () => {
    expect(statusText({ ...report, isNewest: true })[0]).toBe('run_id:           r0  (the run created last)');
  });

  it('counts what needs somebody', () => {
    const busy = { ...quiet, scheduled: 1, pendingApprovals: 2, failures: 3 };
    expect(statusText({ ...report, status: busy })).toEqual(
      expect.arrayContaining(['scheduled:        1', 'approvals:        2', 'failures:         3']),
    );
  });

  it('says who holds the run', () => {
    const holder = { host: 'build-4', pid: 4711, expiresAt: moment };
    expect(statusText({ ...report, holder })).toContain(
      `held_by:          process 4711 on build-4 until ${moment}`,
    );
  });

  it('says of each event what a trace says, below each other and no wider than the terminal', () => {
    const diff = { title: { old: null, new: 'x'.repeat(80) }, status: { old: 'open', new: 'done' } };
    const tail = [
      planted('evt_001', 'goal.created', { goal: 'Audit' }),
      planted('evt_002', 'patch.applied', { target: 'task#1', diff }),
      planted('evt_003', 'task.completed', { task_id: 'task#1' }),
      planted('evt_004', 'ping', {}),
    ];
    expect(statusText({ ...report, tail }, { columns: 90 }).slice(-6)).toEqual([
      'recent events (last 4):',
      '  evt_001            goal.created              user: "Audit"',
      `  evt_002            patch.applied             task#1 title: None -> ${'x'.repeat(20)}…`,
      '                                               task#1 status: open -> done',
      '  evt_003            task.completed            task_id=task#1',
      '  evt_004            ping',
    ]);
  });

  it('names the first ten of what was left out, and counts the others', () => {
    const leftOut = Array.from({ length: 12 }, (_, at) => ({ eventId: `evt_${at}`, why: 'no JSON' }));
    const brought = { source: 'sqlite:///old.db', format: 'ActiveGraph', leftOut, inexact: [] };
    const lines = statusText({ ...report, status: quiet, tail: [], brought }).slice(4, -2);
    expect([lines.length, lines[0], lines[1], lines.at(-1)]).toEqual([
      12,
      'incomplete:       12 left out when it was brought from sqlite:///old.db',
      '  evt_0  no JSON',
      '  and 2 more; --json lists them',
    ]);
    expect(statusToJson({ ...report, brought })['brought_from']).toMatchObject({
      left_out: leftOut.map(({ eventId, why }) => ({ event_id: eventId, why })),
    });
  });

  it('says nothing of where a run came from that came whole', () => {
    const brought = { source: 'sqlite:///old.db', format: 'ActiveGraph', leftOut: [], inexact: [] };
    expect(statusText({ ...report, brought })).toEqual(statusText(report));
  });

  it('says where a fork comes from, and that it asks afresh', () => {
    expect(statusText({ ...report, fork })).toContain(
      'forked_from:      r9 at evt_007  [strict]  (recording)',
    );
    expect(statusText({ ...report, fork: { ...fork, label: null, isRecording: false } })).toContain(
      'forked_from:      r9 at evt_007',
    );
    expect(statusToJson({ ...report, fork })['forked_from']).toEqual({
      parent_run_id: 'r9',
      at_event: 'evt_007',
      label: 'strict',
      recording: true,
    });
  });

  it('lets no name steer the terminal', () => {
    const hostile = '\u001b[2J\n';
    const text = statusText({
      ...report,
      status: {
        ...status,
        runId: hostile,
        frame: { id: hostile, goal: hostile },
        behaviors: [{ name: hostile, kind: 'function', subscribedTo: [hostile], activateAfter: null }],
      },
      tail: [planted(hostile, hostile, { [hostile]: hostile })],
    });
    expect(text.join('')).not.toMatch(/\p{Cc}/u);
  });
});

describe('statusToJson', () => {
  it('has the fields of the specification', () => {
    expect(statusToJson(report)).toMatchObject({
      run_id: 'r0',
      state: 'exhausted',
      queue_depth: 4,
      events_processed: 14,
      budget: status.budget,
      frame: { id: 'frame_001', name: null },
      registered_behaviors: [
        {
          name: 'planner',
          kind: 'function',
          subscribed_to: ['goal.created', 'tick'],
          pattern: null,
          activate_after: null,
        },
      ],
      recent_events: [
        { id: 'evt_014', type: 'runtime.budget_exhausted', actor: 'runtime', timestamp: moment },
      ],
      held_by: null,
    });
  });
});
