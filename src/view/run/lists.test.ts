import { describe, expect, it } from 'vitest';
import { moment, planted, plantedOne } from '../../../test/harness/planted-events.ts';
import type { LogInfo } from '../../log/index.ts';
import { approvalsText, approvalToJson, decisionText, decisionToJson } from './approval-list.ts';
import { behaviorsText, behaviorsToJson, BehaviorTally } from './behavior-list.ts';
import { eventDetailText, eventDetailToJson } from './event-detail.ts';
import { packEntry, packsText, packsToJson } from './pack-list.ts';
import { type RunEntry, runLine, runToJson } from './run-list.ts';

const hostile = 'a\u001b[2J\nb\u202e';

describe('the detail of an event', () => {
  const event = plantedOne('task.done', { n: 1, text: hostile }, { actor: 'user' });

  it('has its values in one column, then the payload', () => {
    expect(eventDetailText(event)).toEqual([
      'event:       evt_001',
      'type:        task.done',
      'actor:       user',
      'frame:       (none)',
      'caused_by:   (none)',
      `timestamp:   ${moment}`,
      'payload:',
      '{',
      '  "n": 1,',
      '  "text": "a\\u001b[2J\\nb\\u202e"',
      '}',
    ]);
  });

  it('has the same fields as JSON', () => {
    expect(eventDetailToJson(event)).toEqual({
      id: 'evt_001',
      type: 'task.done',
      actor: 'user',
      frame_id: null,
      caused_by: null,
      timestamp: moment,
      payload: { n: 1, text: hostile },
    });
  });
});

describe('the list of behaviors', () => {
  const tally = new BehaviorTally();
  const run = planted(
    ['pack.loaded', { name: 'p', behaviors: ['p.quiet'] }],
    ['behavior.started', { behavior: 'planner', triggering_event_type: 'goal.created' }],
    ['relation_behavior.started', { behavior: 'unblock', triggering_event_type: 'task.done' }],
    ['behavior.started', { behavior: 'asker', triggering_event_type: 'object.created' }],
    ['llm.requested', { behavior: 'asker' }],
    ['behavior.failed', { behavior: 'asker' }],
  );
  for (const event of run) tally.add(event);

  it('puts those that were registered first, and finds the others in the log', () => {
    const registered = [{ name: 'planner', kind: 'function', subscribedTo: [], activateAfter: 2 }] as const;
    expect(behaviorsText(tally.entries(registered))).toEqual([
      '  planner                        function   (any event) after=2  started=1',
      '  p.quiet                        function   (any event)  started=0',
      '  unblock                        relation   on=task.done  started=1',
      '  asker                          llm        on=object.created  started=1 failed=1',
    ]);
  });

  it('has the names of the specification as JSON', () => {
    expect(behaviorsToJson(tally.entries([]))).toContainEqual({
      name: 'unblock',
      kind: 'relation',
      subscribed_to: ['task.done'],
      activate_after: null,
      started: 1,
      failed: 0,
    });
  });

  it('says so when there are none', () => {
    expect(behaviorsText([])).toEqual(['(no behaviors registered in this run)']);
  });
});

describe('the list of packs', () => {
  const entry = packEntry(
    plantedOne('pack.loaded', {
      name: 'diligence',
      version: '0.1.0',
      prompts: { researcher: { version: '1.0.0', hash: 'sha256:6b938d202e67523f' } },
    }),
  );

  it('names each pack, its event, and the first digits of each prompt', () => {
    expect(packsText([entry])).toEqual([
      'packs loaded (1):',
      '  diligence                0.1.0          (evt_001)',
      '    prompt researcher               v1.0.0    hash=6b938d202e67',
    ]);
  });

  it('has whole hashes as JSON', () => {
    expect(packsToJson([entry])).toEqual([
      {
        event_id: 'evt_001',
        pack: 'diligence',
        version: '0.1.0',
        prompts: { researcher: { version: '1.0.0', hash: 'sha256:6b938d202e67523f' } },
      },
    ]);
  });

  it('says so when there are none', () => {
    expect(packsText([])).toEqual(['(no packs loaded in this run)']);
  });
});

describe('the list of approvals', () => {
  const approval = {
    id: 'approval_001',
    objectType: 'risk',
    data: { title: hostile, claims: ['claim#1'] },
    reason: 'customer concentration',
    pack: 'diligence',
    eventId: 'evt_120',
  };

  it('shows what each is about', () => {
    expect(approvalsText([approval])).toEqual([
      'waiting for a decision (1):',
      '  approval_001  risk  pack=diligence  (evt_120)',
      '    reason: customer concentration',
      '    title: a\\x1b[2J\\nb\\u202e',
      '    claims: ["claim#1"]',
    ]);
  });

  it('cuts long data to the width of the terminal', () => {
    const long = { ...approval, reason: '', data: { text: 'x'.repeat(100) } };
    expect(approvalsText([long], { columns: 20 })[2]).toBe(`    text: ${'x'.repeat(9)}…`);
  });

  it('has all of the data as JSON', () => {
    expect(approvalToJson(approval)).toEqual({
      approval_id: 'approval_001',
      object_type: 'risk',
      reason: 'customer concentration',
      pack: 'diligence',
      event_id: 'evt_120',
      data: { title: hostile, claims: ['claim#1'] },
    });
  });

  it('says so when nothing waits', () => {
    expect(approvalsText([])).toEqual(['(nothing waits for a decision in this run)']);
  });
});

describe('a decision', () => {
  const granted = {
    runId: 'r0',
    approvalId: 'approval_001',
    objectType: 'risk',
    by: 'jane',
    objectId: 'risk#31',
    reason: '',
  };
  const denied = { ...granted, objectId: null, reason: 'no source' };

  it('names the object that a grant made', () => {
    expect(decisionText(granted)[0]).toBe('approved approval_001 by jane -> risk#31');
  });

  it('repeats the reason of a denial', () => {
    expect(decisionText(denied)[0]).toBe('denied approval_001 (risk) by jane: no source');
  });

  it('says as JSON who granted what', () => {
    expect(decisionToJson(granted)).toEqual({
      run_id: 'r0',
      approval_id: 'approval_001',
      object_type: 'risk',
      approved_by: 'jane',
      object_id: 'risk#31',
    });
  });

  it('says as JSON who denied what, and why', () => {
    expect(decisionToJson(denied)).toEqual({
      run_id: 'r0',
      approval_id: 'approval_001',
      object_type: 'risk',
      denied_by: 'jane',
      reason: 'no source',
    });
  });
});

describe('the list of runs', () => {
  const info: LogInfo = {
    id: 'r1',
    kind: 'run',
    label: null,
    createdAt: moment,
    head: { logId: 'r1', seq: 16, hash: 'ab' },
    parent: null,
    lineage: [],
    epoch: 1,
    owner: null,
  };
  const entry: RunEntry = {
    info,
    outcome: 'idle',
    goal: 'Audit Q3',
    holder: null,
    forkEvent: null,
    isRecording: false,
  };
  const fork: RunEntry = {
    ...entry,
    info: { ...info, label: 'strict', parent: { logId: 'r0', atSeq: 7 } },
    goal: null,
    forkEvent: 'evt_007',
  };

  it('has one line a run', () => {
    expect(runLine(entry)).toBe(
      'r1                           2026-05-15T10:32:01Z       16  idle       Audit Q3',
    );
  });

  it('says of a fork where it comes from', () => {
    expect(runLine(fork)).toMatch(/idle {7}\[strict\] {2}fork of r0 at 7$/);
  });

  it('says of a fork that it asks afresh', () => {
    expect(runLine({ ...fork, isRecording: true })).toMatch(/fork of r0 at 7 {2}\(recording\)$/);
  });

  it('cuts a long goal to the width of the terminal', () => {
    expect(runLine({ ...entry, goal: 'x'.repeat(200) }, { columns: 100 })).toHaveLength(100);
  });

  it('lets no goal, label or id steer the terminal', () => {
    const odd: RunEntry = { ...entry, goal: hostile, info: { ...info, id: hostile, label: hostile } };
    expect(runLine(odd)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('has the head hash as JSON, by which two stores compare', () => {
    expect(runToJson(fork)).toEqual({
      run_id: 'r1',
      kind: 'run',
      label: 'strict',
      created_at: moment,
      events: 16,
      head_hash: 'ab',
      state: 'idle',
      goal: null,
      parent_run_id: 'r0',
      forked_at_seq: 7,
      forked_at_event_id: 'evt_007',
      recording: false,
      held_by: null,
    });
  });
});
