// `runlog agent run --policy` and the approvals of sessions: a run waits, another process answers, and the run goes on.
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeGatedRun } from './stored-runs.ts';
import { ended, type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///sessions.db';
const asking = 'name: ask\ntool_rules:\n  - deny: [bash]\non_violation: request_approval\n';

function policied(text = asking, name = 'policy.yaml'): Workplace {
  const place = workplace();
  writeFileSync(place.path(name), text);
  return place;
}

const run = (...more: readonly string[]): readonly string[] => [
  ...['agent', 'run', '--agent', 'shell', '--store', url, '--policy', 'policy.yaml', ...more],
];

interface Pending {
  readonly approval_id: string;
  readonly session_id: string;
  readonly run_id: string;
}

/** A run in another process, when it waits. */
async function waiting(place: Workplace) {
  const child = place.start(run('--', 'echo hello > said; cat said'));
  onTestFinished(() => void child.kill('SIGKILL'));
  const done = ended(child);
  await new Promise<void>((resolve) => {
    let said = '';
    child.stderr?.on('data', (piece) => {
      said += String(piece);
      if (said.includes('waits for an approval')) resolve();
    });
    void done.then(() => resolve());
  });
  const { stdout, code, stderr } = await place.runlog(['approvals', url, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const all = JSON.parse(stdout) as readonly Pending[];
  const pending = all.find(({ session_id: session }) => session !== undefined);
  if (pending === undefined) throw new Error(`nothing waits: ${(await done).stderr}`);
  return { all, pending, done, child };
}

describe('a run of an agent that waits for a person', () => {
  test('is listed, and goes on when another process approves', async () => {
    const place = policied();
    const { pending, done } = await waiting(place);
    expect(pending).toMatchObject({
      ...{ tool_name: 'bash', policy: 'ask', violation: 'tool_denied' },
      tool_input: { command: 'echo hello > said; cat said' },
    });
    const { stdout } = await place.runlog(['approvals', url]);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'waiting for a decision in sessions of agents (1):',
      `  ${pending.approval_id}  bash  (session ${pending.session_id}, run ${pending.run_id})`,
      '    policy: ask, tool_denied',
      '    command: echo hello > said; cat said',
    ]);
    const approved = await place.runlog(['approve', url, pending.approval_id, '--by', 'jane']);
    expect(approved).toMatchObject({
      code: 0,
      stdout: `approved ${pending.approval_id} (bash) by jane\nrun ${pending.run_id} of session ${pending.session_id} goes on\n`,
    });
    expect(await done).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect((await place.runlog(['approvals', url, '--json'])).stdout.trim()).toBe('[]');
    const again = await place.runlog(['approve', url, pending.approval_id, '--by', 'john']);
    expect(again.code).toBe(3);
  });

  test('fails when another process denies it, and the log says who and why', async () => {
    const place = policied();
    const { pending, done } = await waiting(place);
    const denial = ['deny', url, pending.approval_id, '--by', 'jane', '--reason', 'not today', '--json'];
    const { stdout } = await place.runlog([...denial, '--run-id', pending.session_id]);
    expect(JSON.parse(stdout)).toEqual({
      ...{ session_id: pending.session_id, run_id: pending.run_id, approval_id: pending.approval_id },
      ...{ interrupted: false, tool_name: 'bash', denied_by: 'jane', reason: 'not today' },
    });
    expect(await done).toMatchObject({ code: 1, stdout: '' });
    const events = await place.runlog(['session', url, pending.session_id, '--events', '--json']);
    expect(events.stdout).toContain('"by":"jane","reason":"not today"');
    expect(existsSync(place.path('said'))).toBe(false);
  });
});

test('a request of a run whose process is gone is said to be one that nobody waits for', async () => {
  const place = policied();
  const { pending, done, child } = await waiting(place);
  expect(pending).toMatchObject({ interrupted: false });
  expect((await place.runlog(['approvals', url])).stdout).not.toContain('nobody waits');
  child.kill('SIGKILL');
  await done;
  const listed = await place.runlog(['approvals', url]);
  expect(listed.stdout).toContain(
    "    nobody waits for it: its run's process is gone. A run that is resumed asks again; the next call in its session ends it.\n",
  );
  const json = await place.runlog(['approvals', url, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject([{ approval_id: pending.approval_id, interrupted: true }]);
  const { code, stdout } = await place.runlog(['approve', url, pending.approval_id, '--by', 'jane']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^approved .* by jane\nnobody waits for it: .* asks again/);
  expect(stdout).not.toContain('goes on\n');
});

test('a store with both lists what waits in the run and in the sessions', async () => {
  const place = policied();
  await makeGatedRun(place.path('sessions.db'));
  const { all, pending, done } = await waiting(place);
  expect(all.map(({ approval_id: id }) => id)).toEqual(['approval_001', 'approval_002', pending.approval_id]);
  const { stdout } = await place.runlog(['approvals', url]);
  expect(stdout).toContain('waiting for a decision (2):');
  expect(stdout).toContain('waiting for a decision in sessions of agents (1):');
  const named = await place.runlog(['approvals', url, '--run-id', pending.session_id, '--json']);
  expect(JSON.parse(named.stdout)).toMatchObject([{ approval_id: pending.approval_id }]);
  await place.runlog(['approve', url, pending.approval_id, '--by', 'jane']);
  expect((await done).code).toBe(0);
});

describe('--policy', () => {
  test('ends a run that does more than it may', async () => {
    const place = policied('{"name": "no shell", "tool_rules": [{"deny": ["bash"]}]}', 'policy.yaml');
    const { code, stderr } = await place.runlog(run('--', 'echo hello'));
    expect(code).toBe(1);
    expect(stderr).toContain('bash');
    expect((await place.runlog(['approvals', url])).stdout).toBe('(nothing waits for a decision)\n');
  });

  test.each([
    ['a knob that is not known', 'tool_rule:\n  - deny: [bash]\n', "'tool_rule'", 2],
    ['a limit below nothing', 'limits:\n  - max_tool_calls: -1\n', 'max_tool_calls', 2],
    ['an action that is none', 'on_violation: shout\n', 'on_violation', 2],
    ['nothing that can be read', 'limits: [\n', 'line', 2],
  ])('is refused with %s, before anything is made', async (_what, text, named, exit) => {
    const place = policied(text);
    const { code, stderr } = await place.runlog(run('--', 'echo hello'));
    expect({ code, isNamed: stderr.includes(named) }).toEqual({ code: exit, isNamed: true });
    expect(existsSync(place.path('sessions.db'))).toBe(false);
  });

  test('that is not there is said to be', async () => {
    const { code, stderr } = await workplace().runlog(run('--', 'echo hello'));
    expect(code).toBe(3);
    expect(stderr).toContain('there is no such file');
  });
});
