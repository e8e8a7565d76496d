// Edge cases 30 to 47, 50, 51 and 79: which orchestrator moves, and its row. Each test begins with its number.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heldToModes } from '../cli/workplace.ts';
import {
  fileTime,
  fixtureHome,
  legacyHome,
  type LegacyHome,
  lifecycle,
  orchestrator,
  type Row,
  uuid,
} from './legacy-home.ts';

const parity = ['--strict-parity'];

/** A home with the project `fin` and one record in it. */
function homeWith(record: string | Row, name = 'fin-orchestrator'): LegacyHome {
  const home = legacyHome();
  home.registry({ fin: { sessionPrefix: 'fin' } });
  home.session('fin', name, record);
  return home;
}

async function rowOf(record: Row, args: readonly string[] = []): Promise<Row> {
  const home = homeWith(record);
  expect(await home.migrate(args)).toMatchObject({ code: 0, orchestrators: [1, 0, 0] });
  return home.orchestrator;
}

async function skippedNote(record: Row, args: readonly string[] = []): Promise<string> {
  const home = homeWith(record);
  const notes = await home.notes(args);
  expect(await home.migrate(args)).toMatchObject({ code: 0, projects: [1, 0, 0], orchestrators: [0, 1, 0] });
  expect(home.orchestrators).toEqual([]);
  return notes;
}

it('30: a lifecycle that is text in text is decoded', async () => {
  const { session, ...rest } = lifecycle({ state: 'needs_input' });
  const stored = JSON.stringify({ ...rest, session: JSON.stringify(session) });
  expect(await rowOf(orchestrator({ lifecycle: stored }))).toMatchObject({
    activity_state: 'waiting_input',
    updated_at: '2026-06-10T12:00:00.000Z',
  });
});

it('31: the older carrier of a lifecycle is decoded', async () => {
  const statePayload = JSON.stringify(lifecycle({ state: 'working' }));
  const record = orchestrator({ lifecycle: undefined, statePayload, stateVersion: '2' });
  expect(await rowOf(record)).toMatchObject({ activity_state: 'active' });
});

it('32: also with its version as a number, and not with --strict-parity', async () => {
  const record = orchestrator({ lifecycle: undefined, statePayload: lifecycle({}), stateVersion: 2 });
  expect(await rowOf(record)).toMatchObject({ activity_state: 'active' });
  expect(await rowOf(record, parity)).toMatchObject({ activity_state: 'idle' });
});

it('33: a lifecycle that cannot be decoded gives way to the older carrier', async () => {
  const statePayload = JSON.stringify(lifecycle({ state: 'needs_input' }));
  const record = orchestrator({ lifecycle: '{"version": 2,', statePayload, stateVersion: '2' });
  expect(await rowOf(record)).toMatchObject({ activity_state: 'waiting_input' });
});

describe('34: without any lifecycle the stored status counts', () => {
  it.each(['killed', 'errored', 'terminated', 'cleanup', 'done'])('%s has ended', async (status) => {
    expect(await skippedNote(orchestrator({ lifecycle: undefined, status }))).toContain(
      '[orchestrator] fin-orchestrator: orchestrator is terminal',
    );
  });

  it.each([
    ['working', 'active'],
    ['pr_open', 'active'],
    ['needs_input', 'waiting_input'],
    ['merged', 'idle'],
    ['spawning', 'idle'],
    [undefined, 'idle'],
  ])('%s is %s', async (status, state) => {
    expect(await rowOf(orchestrator({ lifecycle: undefined, status }))).toMatchObject({
      activity_state: state,
    });
  });
});

it.each([
  { state: 'done' },
  { state: 'terminated' },
  { state: 'working', terminatedAt: '2026-06-01T00:00:00.000Z' },
])('35: an orchestrator that has ended is skipped with a note: %o', async (session) => {
  expect(await skippedNote(orchestrator({ lifecycle: lifecycle(session) }))).toContain(
    `orchestrator is terminal (state=${session.state})`,
  );
});

it('36: an empty time of ending is none, and one with --strict-parity', async () => {
  const record = orchestrator({ lifecycle: lifecycle({ terminatedAt: '' }) });
  expect(await rowOf(record)).toMatchObject({ activity_state: 'active' });
  await skippedNote(record, parity);
});

describe('37: an agent', () => {
  it.each(['aider', 'cursor'])('%s cannot be gone on with, and is named', async (agent) => {
    expect(await skippedNote(orchestrator({ agent }))).toContain(
      `harness "${agent}" is not migratable (only claude-code, codex, opencode)`,
    );
  });

  it('that is missing is the one of the project', async () => {
    const home = homeWith(orchestrator({ agent: undefined, codexThreadId: 't' }));
    home.local('fin', { orchestrator: { agent: 'codex' } });
    await home.migrate();
    expect(home.orchestrator).toMatchObject({ harness: 'codex', agent_session_id: 't' });
    expect(await rowOf(orchestrator({ agent: undefined }))).toMatchObject({ harness: 'claude-code' });
  });

  it('that is missing is named "?" with --strict-parity', async () => {
    expect(await skippedNote(orchestrator({ agent: undefined }), parity)).toContain('harness "?" is not');
  });
});

it.each(['stuck', 'detecting', 'not_started', 'idle', 'no such state', undefined, 7])(
  '38: the state %s is idle',
  async (state) => {
    expect(await rowOf(orchestrator({ lifecycle: lifecycle({ state }) }))).toMatchObject({
      activity_state: 'idle',
    });
  },
);

describe('39: Claude Code without the id of its transcript', () => {
  it('goes on with the newest transcript of its worktree, with a note', async () => {
    const home = legacyHome();
    home.registry({ fin: { sessionPrefix: 'fin' } });
    const worktree = home.transcript('wt');
    home.session('fin', 'fin-orchestrator', orchestrator({ worktree }));
    expect(await home.notes()).toContain(`the newest transcript of its worktree is taken: ${uuid}`);
    expect(await home.migrate()).toMatchObject({ orchestrators: [1, 0, 0], relocated: 1 });
    expect(home.orchestrator['agent_session_id']).toBe(uuid);
  });

  it('has none where no file is a transcript, and with --strict-parity', async () => {
    const home = legacyHome();
    home.registry({ fin: { sessionPrefix: 'fin' } });
    const worktree = home.transcript('wt', 'not-an-id');
    home.session('fin', 'fin-orchestrator', orchestrator({ worktree }));
    expect(await home.migrate()).toMatchObject({ orchestrators: [1, 0, 0], relocated: 0 });
    expect(home.orchestrator['agent_session_id']).toBe('');
    const strict = legacyHome();
    strict.registry({ fin: { sessionPrefix: 'fin' } });
    strict.session('fin', 'fin-orchestrator', orchestrator({ worktree: strict.transcript('wt') }));
    expect(await strict.migrate(parity)).toMatchObject({ orchestrators: [1, 0, 0], relocated: 0 });
  });
});

it('40: an id of blanks is none, and no transcript is planned', async () => {
  const home = legacyHome();
  home.registry({ fin: { sessionPrefix: 'fin' } });
  home.session(
    'fin',
    'fin-orchestrator',
    orchestrator({ worktree: home.transcript('wt'), claudeSessionUuid: '  ' }),
  );
  expect(await home.migrate()).toMatchObject({ orchestrators: [1, 0, 0], relocated: 0 });
  expect(home.orchestrator['agent_session_id']).toBe('');
});

it('40: an id that would lead out of the folder of transcripts is left out with a note', async () => {
  const home = legacyHome();
  home.registry({ fin: { sessionPrefix: 'fin' } });
  const claudeSessionUuid = '../../../secret';
  home.session(
    'fin',
    'fin-orchestrator',
    orchestrator({ worktree: home.transcript('wt'), claudeSessionUuid }),
  );
  expect(await home.notes()).toContain('claudeSessionUuid "../../../secret" is no id of claude-code');
  expect(await home.migrate(['--dry-run', ...parity])).toMatchObject({ relocated: 0 });
  expect(await home.migrate()).toMatchObject({ relocated: 0 });
});

it('41: a field of another type is absent', async () => {
  const row = await rowOf(orchestrator({ agent: 'codex', codexThreadId: 12345, branch: 7, worktree: {} }));
  expect(row).toMatchObject({ agent_session_id: '', branch: '', workspace_path: '' });
});

it('42: times that are none are left to the next source: here the time of the file', async () => {
  const home = homeWith(
    orchestrator({
      createdAt: 'not a date',
      lifecycle: lifecycle(
        {
          startedAt: null,
          lastTransitionAt: 'Tue Jun 09 2026 12:00:00 GMT+0200 (CEST)',
        },
        { lastObservedAt: '1780000000' },
      ),
    }),
  );
  const notes = await home.notes();
  await home.migrate();
  expect(home.orchestrator).toMatchObject({
    created_at: fileTime,
    updated_at: fileTime,
    activity_last_at: fileTime,
    first_signal_at: fileTime,
  });
  for (const name of ['createdAt', 'lastTransitionAt', 'runtimeObservedAt'])
    expect(notes).toContain(`${name} "`);
});

it('42: the times of a row come from their sources in order', async () => {
  const row = await rowOf(
    orchestrator({
      createdAt: undefined,
      lifecycle: lifecycle({ lastTransitionAt: undefined, startedAt: '2026-05-20 08:00:01.5 +0000 UTC' }),
    }),
  );
  expect(row).toMatchObject({
    created_at: '2026-05-20T08:00:01.500Z',
    updated_at: '2026-05-20T08:00:01.500Z',
    activity_last_at: '2026-06-10T12:30:00.000Z',
    first_signal_at: '2026-06-10T12:30:00.000Z',
  });
});

it('43: without a time of creation or start the file tells it', async () => {
  const record = orchestrator({ createdAt: undefined, lifecycle: lifecycle({ startedAt: null }) });
  expect(await rowOf(record)).toMatchObject({ created_at: fileTime, updated_at: '2026-06-10T12:00:00.000Z' });
});

it('44: files that are no records are not looked at, and a damaged orchestrator is told', async () => {
  const home = homeWith('{"role": "orchestrator", "agent": "cl');
  home.session('fin', 'fin-1', '');
  home.session('fin', 'fin-2', '[1,2,3]');
  home.session('fin', 'fin-orchestrator.json.corrupt-1780000000000', '{"role":"orchestrator"}');
  mkdirSync(home.base('projects/fin/sessions/fin-3.json'));
  const notes = await home.notes();
  expect(notes).toContain('[orchestrator] fin: fin-orchestrator.json is damaged');
  expect(notes).not.toContain('fin-2');
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 0, 0], orchestrators: [0, 0, 0] });
});

it('45: the record beside the sessions stands in, without a role', async () => {
  const home = homeWith('{"role": "orches');
  home.write(home.base('projects/fin/orchestrator.json'), orchestrator({ role: undefined }));
  expect(await home.migrate()).toMatchObject({ orchestrators: [1, 0, 0] });
  expect(home.orchestrator['id']).toBe('fin-orchestrator');
});

describe('46: of several orchestrators', () => {
  it('the living one moves, whatever comes first', async () => {
    const home = homeWith(orchestrator({ branch: 'live' }));
    home.session(
      'fin',
      'fin-orchestrator-1',
      orchestrator({ lifecycle: lifecycle({ state: 'terminated' }) }),
    );
    expect(await home.migrate()).toMatchObject({ orchestrators: [1, 0, 0] });
    expect(home.orchestrator['branch']).toBe('live');
  });

  it('a living one with a number is taken before one of the plain name that has ended', async () => {
    const home = homeWith(orchestrator({ lifecycle: lifecycle({ state: 'done' }) }));
    home.session('fin', 'fin-orchestrator-2', orchestrator({ branch: 'two' }));
    await home.migrate();
    expect(home.orchestrator).toMatchObject({ id: 'fin-orchestrator', branch: 'two' });
  });

  it('the plain name is taken before a newer one, and the others are told', async () => {
    const home = homeWith(orchestrator({ branch: 'plain' }));
    const newer = lifecycle({ lastTransitionAt: '2026-07-01T00:00:00.000Z' });
    home.session('fin', 'fin-orchestrator-9', orchestrator({ branch: 'nine', lifecycle: newer }));
    expect(await home.notes()).toContain('fin-orchestrator-9.json is another living orchestrator - left out');
    await home.migrate();
    expect(home.orchestrator['branch']).toBe('plain');
  });

  it('the newer is taken where none has the plain name', async () => {
    const home = homeWith(orchestrator({ branch: 'one' }), 'fin-orchestrator-1');
    const newer = lifecycle({ lastTransitionAt: '2026-07-01T00:00:00.000Z' });
    home.session('fin', 'fin-orchestrator-0', orchestrator({ branch: 'zero', lifecycle: newer }));
    await home.migrate();
    expect(home.orchestrator['branch']).toBe('zero');
  });
});

it('47: one with a number takes the plain name, with a note about the old one', async () => {
  const home = homeWith(orchestrator(), 'fin-orchestrator-3');
  expect(await home.notes()).toContain('[orchestrator] fin-orchestrator: was called fin-orchestrator-3');
  await home.migrate();
  expect(home.orchestrator['id']).toBe('fin-orchestrator');
});

it('50: a project without a folder of sessions has no orchestrator, and none is counted', async () => {
  const home = legacyHome();
  home.registry({ fin: {} });
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 0, 0], orchestrators: [0, 0, 0] });
});

it('51: workers are never moved, and not counted', async () => {
  const home = homeWith(orchestrator({ role: undefined }), 'fin-1');
  home.session('fin', 'fin-2', orchestrator({ role: 'worker' }));
  expect(await home.migrate()).toMatchObject({ code: 0, projects: [1, 0, 0], orchestrators: [0, 0, 0] });
});

it('51: workers that stay are counted in a note, with the command that keeps their history', async () => {
  const home = fixtureHome('home-typical');
  const note = `- [home] ${home.base()}: 2 sessions that are no orchestrators stay here: \`runlog import ao --from ${home.path} --to sqlite:///history.db\` keeps their history`;
  expect(await home.notes()).toContain(note);
  await home.migrate();
  expect(await home.notes()).not.toContain('stay here');
});

it('79: a record that may not be read is told', () => {
  const home = homeWith(orchestrator());
  home.session('fin', 'fin-7', orchestrator({ role: undefined }));
  chmodSync(home.base('projects/fin/sessions/fin-orchestrator.json'), 0o000);
  const command = [...heldToModes, process.execPath, resolve('bin/runlog.js'), 'ao', 'migrate', '--dry-run'];
  const [program = '', ...words] = command;
  const { status, stdout } = spawnSync(program, words, {
    env: { PATH: process.env['PATH'], HOME: home.path },
    cwd: home.path,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout).toContain(
    '[orchestrator] fin: fin-orchestrator.json is unreadable (EACCES) - not looked at',
  );
  expect(stdout).toContain('Orchestrators: 0 to create, 0 skipped, 0 failed');
});

it('every column has its value', async () => {
  const home = legacyHome();
  home.registry({ fin: { sessionPrefix: 'fin' } });
  const worktree = home.transcript('wt');
  home.session(
    'fin',
    'fin-orchestrator',
    orchestrator({
      worktree,
      claudeSessionUuid: uuid,
      userPrompt: 'Go\u0000 on',
      displayName: 'The one',
      codexModel: 'm',
    }),
  );
  const notes = await home.notes();
  await home.migrate();
  expect(home.orchestrator).toEqual({
    id: 'fin-orchestrator',
    project_id: 'fin',
    num: 0,
    issue_id: '',
    kind: 'orchestrator',
    harness: 'claude-code',
    activity_state: 'active',
    activity_last_at: '2026-06-10T12:00:00.000Z',
    is_terminated: 0,
    branch: 'orchestrator/x',
    workspace_path: worktree,
    runtime_handle_id: '',
    agent_session_id: uuid,
    prompt: 'Go on',
    created_at: '2026-05-20T08:00:00.000Z',
    updated_at: '2026-06-10T12:00:00.000Z',
    display_name: 'The one',
    first_signal_at: '2026-06-10T12:00:00.000Z',
  });
  expect(notes).toContain('fields with no rewrite home dropped: codexModel');
  expect(notes).toContain(`git -C ${home.at('repos/fin')} worktree remove ${worktree}`);
});

it('--as-restorable makes a row that the rewrite can restore', async () => {
  expect(await rowOf(orchestrator(), ['--as-restorable'])).toMatchObject({
    is_terminated: 1,
    activity_state: 'exited',
  });
});
