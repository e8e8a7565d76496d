// `runlog agent run` with the shell agent: what is printed, what is stored, who may stop it, and what is left when it is killed.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { main } from '../../../src/cli/main.ts';
import { isRunning, untilThere } from '../../harness/fake-program.ts';
import { dropSchema, schemaName, serverUrl } from '../../harness/postgres/scratch-schema.ts';
import { type Ended, ended, type Workplace, workplace } from './workplace.ts';

const url = 'sqlite:///sessions.db';
const onShell = ['agent', 'run', '--agent', 'shell', '--store', url];
const eventShape = z.looseObject({
  id: z.string(),
  type: z.string(),
  session_id: z.string(),
  run_id: z.string().nullable(),
  sequence_number: z.number(),
  data: z.record(z.string(), z.unknown()),
});
const refusalShape = z.object({ error: z.looseObject({ summary: z.string(), how_to_fix: z.string() }) });
type Event = z.infer<typeof eventShape>;

function eventsIn(stdout: string): readonly Event[] {
  return stdout
    .trim()
    .split('\n')
    .map((text) => eventShape.parse(JSON.parse(text)));
}

function sessionIn({ stderr }: Pick<Ended, 'stderr'>): string {
  return /session: (ses_[0-9a-f]+)/.exec(stderr)?.[1] ?? '';
}

async function stored(place: Workplace, sessionId: string, store = url): Promise<readonly Event[]> {
  return eventsIn((await place.runlog(['session', store, sessionId, '--events', '--json'])).stdout);
}

/** A schema of its own, which goes with the test. */
async function scratchUrl(): Promise<string> {
  const schema = schemaName();
  onTestFinished(() => dropSchema(schema));
  const made = new URL(serverUrl());
  made.searchParams.set('schema', schema);
  return made.href;
}

/** Tells its number in a file, and works until it is ended. */
const endless = 'echo working; echo $$ > pid.new; mv pid.new pid; exec tail -f /dev/null';
const pidOf = (place: Workplace): number => Number(place.read('pid'));

describe('runlog agent run', () => {
  test('prints the answer into a pipe and nothing else, and one line beside it', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.runlog([...onShell, '--', 'echo hello; echo there']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello\nthere\n' });
    expect(stderr).toMatch(
      /^completed {2}no tokens {2}session: ses_[0-9a-f]{32} {2}run: run_[0-9a-f]{32}\n$/,
    );
  });

  test('prints what looks like a secret neither of a command that failed', async () => {
    const { code, stdout } = await workplace().runlog([
      ...onShell,
      '--',
      'echo "password=hunter2hunter2"; exit 3',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '[REDACTED]\n' });
  });

  test('prints what a command had said that failed, and where the rest is', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.runlog([
      ...onShell,
      '--',
      'echo compiling; echo broken >&2; exit 3',
    ]);
    expect(code).toBe(1);
    expect(stdout.split('\n').toSorted()).toEqual(['', 'broken', 'compiling']);
    expect(stderr).toContain('its output is kept in the session');
  });

  test.each([
    ['that completed', 0],
    ['that failed', 3],
  ])('says of a command %s that its output was cut', async (_how, exitCode) => {
    const place = workplace();
    const long = `head -c 1048577 /dev/zero | tr '\\0' a; exit ${exitCode}`;
    const { stdout, stderr } = await place.runlog([...onShell, '--', long]);
    expect(stdout.trimEnd()).toHaveLength(1_048_576);
    expect(stderr).toContain(
      'The output of the command was cut at 1 MiB; what came behind that is not kept.\n',
    );
    const whole = await place.runlog([...onShell, '--', "head -c 1048576 /dev/zero | tr '\\0' a"]);
    expect(whole.stderr).not.toContain('was cut');
  });

  test.each([
    ['the time that was given', ['--timeout', '1s']],
    ['a policy', ['--policy', 'p.json']],
  ])('prints what a command had said that was ended by %s', async (_by, limit) => {
    const place = workplace();
    writeFileSync(place.path('p.json'), '{"limits": [{"max_duration_ms": 1000}]}');
    const line = 'echo start; echo "password=hunter2hunter2"; exec tail -f /dev/null';
    const { code, stdout } = await place.runlog([...onShell, ...limit, '--', line]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'start\n[REDACTED]\n' });
  });

  test('names the limit of a policy that ended the run, and what was measured', async () => {
    const place = workplace();
    writeFileSync(place.path('p.json'), '{"name": "lim", "limits": [{"max_duration_ms": 300}]}');
    const { code, stderr } = await place.runlog([...onShell, '--policy', 'p.json', '--', 'sleep 5']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/broke policy 'lim': `max_duration_ms` is 300, and 3\d\d+ was measured/);
    expect(stderr).toContain("Raise `max_duration_ms` in policy 'lim'");
    expect(stderr).not.toContain('`context`');
  });

  test('takes a time in seconds, and none that is over before it began', async () => {
    const place = workplace();
    const late = await place.runlog([...onShell, '--timeout', '1s', '--', 'echo a; exec tail -f /dev/null']);
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/^timeout /);
    for (const none of ['0s', '0m', '-1s', '5', '1e3s', 'NaN']) {
      const refused = await place.runlog([...onShell, `--timeout=${none}`, '--', 'echo a']);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
    }
  });

  test('prints each stored event as one line of JSON', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.runlog([...onShell, '--json', '--', 'printf "\\033[2Jred"']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = eventsIn(stdout);
    expect(events.map(({ type }) => type)).toEqual([
      ...['session_created', 'session_started', 'message_sent', 'run_started', 'tool_call_started'],
      ...['message_streamed', 'tool_call_completed', 'message_received', 'run_completed'],
    ]);
    expect(await stored(place, events[0]?.session_id ?? '')).toEqual(events);
    expect(events[5]?.data).toMatchObject({ delta: '\u001b[2Jred' });
    expect(stdout).not.toContain('\u001b');
  });

  test('goes on in a session, and takes several words for a command with its arguments', async () => {
    const place = workplace();
    const first = await place.runlog([...onShell, '--tag', 'demo', '--', 'echo one']);
    const session = sessionIn(first);
    const second = await place.runlog([...onShell, '--session', session, '--', 'echo', '--json', 'a  $HOME']);
    expect(second).toMatchObject({ code: 0, stdout: '--json a  $HOME\n' });
    expect(sessionIn(second)).toBe(session);
    const { stdout } = await place.runlog(['sessions', url, '--tag', 'demo', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [{ session_id: session, status: 'active' }] });
    const types = (await stored(place, session)).map(({ type }) => type);
    expect(types.filter((type) => type === 'run_completed')).toHaveLength(2);
  });

  test('shows a person the work, its end, where it is kept and what to type next, and no escape of the agent', async () => {
    const place = workplace();
    let text = '';
    const out = async (piece: string): Promise<void> => {
      text += piece;
    };
    const said = 'printf "\\033[2Jworking\\n\\033]0;owned\\007"';
    const store = `sqlite:///${place.path('sessions.db')}`;
    const args = ['agent', 'run', '--agent', 'shell', '--store', store, '--timeout', '2m', '--', said];
    const code = await main(args, {
      ...{ out, err: async () => undefined, isTty: true, columns: 70 },
      env: { NO_COLOR: '1', RUNLOG_COMMAND: 'npx runlog' },
    });
    expect(code).toBe(0);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const [call, ...rest] = text.trimEnd().split('\n');
    expect(call).toMatch(/^> bash printf /);
    const session = /session (ses_\w+), run run_\w+$/m.exec(text)?.[1] ?? '';
    expect(rest.slice(0, 3)).toEqual(['\\x1b[2Jworking', '\\x1b]0;owned\\x07', '  bash -> exit code 0']);
    expect(rest[3]).toBe('completed  no tokens');
    expect(rest.slice(5)).toEqual([
      'next:',
      `  npx runlog session ${store} ${session}`,
      `  npx runlog agent run --agent shell --timeout 120s --store ${store} --session ${session} -- "..."`,
    ]);
  });

  test('names its limits in the call that it says to type next', async () => {
    const place = workplace();
    let text = '';
    const out = async (piece: string): Promise<void> => void (text += piece);
    const policy = place.path('a policy.json');
    writeFileSync(policy, '{"limits": [{"max_tool_calls": 9}]}');
    const store = `sqlite:///${place.path('sessions.db')}`;
    const limits = ['--allow', 'echo', '--deny', 'rm', '--policy', policy];
    await main(['agent', 'run', '--agent', 'shell', '--store', store, ...limits, '--', 'echo hi'], {
      ...{ out, err: async () => undefined, isTty: true, columns: 70, env: {} },
    });
    expect(text).toContain(
      ` agent run --agent shell --allow echo --deny rm --policy '${policy}' --store ${store} --session `,
    );
  });

  test('is followed by another process while it works', async () => {
    const place = workplace();
    const working = place.start([...onShell, '--json', '--', `echo begun; ${endless}`]);
    let seen = '';
    for await (const piece of working.stdout ?? []) {
      seen += String(piece);
      if (seen.includes('message_streamed') && seen.endsWith('\n')) break;
    }
    const [first] = eventsIn(seen);
    const following = place.start(['session', url, first?.session_id ?? '', '--follow', '--json']);
    let followed = '';
    for await (const piece of following.stdout ?? []) {
      followed += String(piece);
      if (followed.includes('message_streamed')) working.kill('SIGINT');
      if (followed.includes('run_cancelled') && followed.endsWith('\n')) break;
    }
    following.kill('SIGINT');
    const numbers = eventsIn(followed).map(({ sequence_number: number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(eventsIn(followed).slice(0, eventsIn(seen).length)).toEqual(eventsIn(seen));
  });

  test('goes on to its end when nobody reads any more', async () => {
    const place = workplace();
    const script =
      'echo a; echo $$ > pid.new; mv pid.new pid; while [ ! -e go ]; do sleep 0.02; done; echo b';
    const child = place.start([...onShell, '--json', '--', script]);
    await untilThere(place.path('pid'));
    child.stdout?.destroy();
    const exit = once(child, 'exit');
    writeFileSync(place.path('go'), '');
    expect(await exit).toEqual([0, null]);
    const { stdout } = await place.runlog(['sessions', url, '--search', 'b', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [{}] });
    expect((await place.runlog(['usage', url, '--json'])).stdout).toContain('"runs": 1');
  });
});

describe('stopped by Ctrl-C', () => {
  test('the agent is asked to stop, its processes are gone, and the run has ended once, as cancelled', async () => {
    const place = workplace();
    const child = place.start([...onShell, '--', endless]);
    const close = ended(child);
    await untilThere(place.path('pid'));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await close;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/^The agent is asked to stop\. Ctrl-C again kills it\.\ncancelled {2}/);
    expect(isRunning(pidOf(place))).toBe(false);
    const events = await stored(place, sessionIn({ stderr }));
    expect(events.filter(({ type }) => type.startsWith('run_c')).map(({ type }) => type)).toEqual([
      'run_cancelled',
    ]);
  });

  test('an agent that does not stop is killed by the second one, with all that it has started', async () => {
    const place = workplace();
    const child = place.start([...onShell, '--', `trap "" TERM; ${endless.replace('exec ', '')}`]);
    const close = ended(child);
    let said = '';
    child.stderr?.on('data', (piece) => {
      said += String(piece);
      if (said.endsWith('kills it.\n')) child.kill('SIGINT');
    });
    await untilThere(place.path('pid'));
    child.kill('SIGINT');
    expect((await close).code).toBe(130);
    expect(isRunning(pidOf(place))).toBe(false);
    const ends = (await stored(place, sessionIn({ stderr: said }))).filter(({ type }) =>
      /^run_[cf]/.test(type),
    );
    expect(ends.map(({ type }) => type)).toEqual(['run_cancelled']);
  });

  test('by SIGTERM it ends the same way, with its own code', async () => {
    const place = workplace();
    const child = place.start([...onShell, '--json', '--', endless]);
    const close = ended(child);
    await untilThere(place.path('pid'));
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await close;
    expect({ code, stderr, last: eventsIn(stdout).at(-1)?.type }).toEqual({
      ...{ code: 143, stderr: '', last: 'run_cancelled' },
    });
  });
});

test.each([
  ['SQLite', async () => url],
  ['PostgreSQL', scratchUrl],
])(
  'killed in the middle on %s, the next process ends what is left and goes on: nothing is lost, nothing comes twice',
  async (_name, make) => {
    const place = workplace();
    const store = await make();
    const onStore = ['agent', 'run', '--agent', 'shell', '--store', store];
    const child = place.start([...onStore, '--json', '--', endless]);
    let seen = '';
    for await (const piece of child.stdout ?? []) {
      seen += String(piece);
      if (seen.includes('message_streamed') && seen.endsWith('\n')) break;
    }
    await untilThere(place.path('pid'));
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const before = eventsIn(seen);
    const session = before[0]?.session_id ?? '';
    const second = await place.runlog([...onStore, '--session', session, '--', 'echo again']);
    expect(second).toMatchObject({ code: 0, stdout: 'again\n' });
    expect(second.stderr).toMatch(
      /^run run_\w+ was left behind by a process that died; it has ended as failed\.\n/,
    );
    expect(isRunning(Number(readFileSync(place.path('pid'), 'utf8')))).toBe(false);
    const all = await stored(place, session, store);
    expect(all.slice(0, before.length)).toEqual(before);
    expect(all.map(({ sequence_number: number }) => number)).toEqual(all.map((_, index) => index + 1));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.slice(before.length).map(({ type }) => type)).toEqual([
      ...['run_failed', 'message_sent', 'run_started', 'tool_call_started', 'message_streamed'],
      ...['tool_call_completed', 'message_received', 'run_completed'],
    ]);
  },
);

test('a run of a killed process is shown as interrupted, with the command that goes on, and looking writes nothing', async () => {
  const place = workplace();
  const child = place.start([...onShell, '--json', '--', endless]);
  let seen = '';
  for await (const piece of child.stdout ?? []) {
    seen += String(piece);
    if (seen.includes('message_streamed') && seen.endsWith('\n')) break;
  }
  await untilThere(place.path('pid'));
  const session = eventsIn(seen)[0]?.session_id ?? '';
  const shown = async (): Promise<unknown> =>
    JSON.parse((await place.runlog(['session', url, session, '--json'])).stdout);
  expect(await shown()).toMatchObject({ runs: [{ status: 'running', interrupted: false }] });
  expect((await place.runlog(['session', url, session])).stdout).toMatch(/ running /);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const before = place.fingerprint();
  expect(await shown()).toMatchObject({ runs: [{ status: 'running', interrupted: true }] });
  const inspected = await place.runlog(['inspect', url, '--run-id', session, '--json']);
  expect(JSON.parse(inspected.stdout)).toMatchObject({ runs: [{ status: 'running', interrupted: true }] });
  const { stdout } = await place.runlog(['session', url, session]);
  expect(stdout).toMatch(/ interrupted .* nobody works on it: its process is gone/);
  expect(stdout).not.toMatch(/ running /);
  const left = Number(readFileSync(place.path('pid'), 'utf8'));
  expect(stdout).toContain(`what it started still runs (pid ${left}): the next call ends it`);
  expect(await shown()).toMatchObject({ runs: [{ leftover_pids: [left] }] });
  expect(place.fingerprint()).toEqual(before);
  const [, words = ''] = /`runlog ([^`]+)`/.exec(stdout) ?? [];
  // No shell is opened by it, whatever the call before was allowed.
  expect(words).toBe(
    `agent run --agent shell --allow echo --store ${url} --session ${session} -- echo go on`,
  );
  expect(await place.runlog(words.split(' '))).toMatchObject({ code: 0, stdout: 'go on\n' });
  expect(await shown()).toMatchObject({
    runs: [
      { status: 'failed', interrupted: false, leftover_pids: [] },
      { status: 'completed', interrupted: false },
    ],
  });
});

describe('a run that fails', () => {
  test.each([
    ['with its exit code', [], ['exit 3'], 1, /^error: the command ended with exit code 3$/m],
    ['outside of the allow-list', ['--allow', 'ls'], ['cat', '/etc/passwd'], 1, /'cat' is not allowed/],
    ['through a shell beside the allow-list', ['--allow', 'ls'], ['ls; cat x'], 1, /';' is for a shell/],
    ['denied by name', ['--deny', 'cat'], ['cat', 'x'], 1, /'cat' is not allowed: it is denied/],
    ['without such a command', ['--allow', 'no-such'], ['no-such'], 3, /there is no command 'no-such'/],
  ])('%s is stored, told and ends with its code', async (_name, options, words, code, said) => {
    const place = workplace();
    const result = await place.runlog([...onShell, ...options, '--', ...words]);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^failed {2}no tokens {2}session: /);
    expect(result.stderr).toMatch(said);
    expect((await stored(place, sessionIn(result))).at(-1)).toMatchObject({ type: 'run_failed' });
  });
});

test('the session tells a person once what the command said, and a program all of it', async () => {
  const place = workplace();
  const session = sessionIn(await place.runlog([...onShell, '--', 'echo one; echo two']));
  const { stdout } = await place.runlog(['session', url, session]);
  expect(stdout).toMatch(/\nassistant:\none\ntwo\n+bash -> \{"exit_code":0,"duration_ms":\d+\}\n$/);
  const told: unknown = JSON.parse((await place.runlog(['session', url, session, '--json'])).stdout);
  const output = { output: 'one\ntwo\n', exit_code: 0 };
  expect(told).toMatchObject({
    messages: [{}, {}, { content: 'one\ntwo\n' }, { tool_output: output }, { content: 'one\ntwo\n' }],
  });
});

test('a line that needs a shell is refused with what can be typed in its place', async () => {
  const place = workplace();
  const { stderr } = await place.runlog([...onShell, '--allow', 'echo', '--', 'echo a;b']);
  expect(stderr).toContain('put it in single quotes that reach the agent: `-- "echo \'a;b\'"`');
  expect(stderr).toContain('without --allow and --deny, a shell reads the line');
  expect(stderr).not.toContain('hand in');
  const typed = await place.runlog([...onShell, '--allow', 'echo', '--', "echo 'a;b'"]);
  expect(typed).toMatchObject({ code: 0, stdout: 'a;b\n' });
});

describe('is refused', () => {
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['agent', 'run', '--agent', 'shell', '--', 'ls'], 2, /required option '--store <url>' not specified/],
    [['agent', 'run', '--store', url, '--', 'ls'], 2, /required option '--agent <name>' not specified/],
    [['agent', 'run', '--agent', 'amp', '--store', url, '--', 'ls'], 2, /Allowed choices are claude, shell/],
    [['agent', 'walk', '--agent', 'shell', '--store', url, '--', 'ls'], 2, /Allowed choices are run/],
    [[...onShell], 2, /missing required argument 'prompt'/],
    [[...onShell, '--', ' '], 2, /The prompt is empty/],
    [[...onShell, '--timeout', 'soon', '--', 'ls'], 2, /a whole number above 0 and a unit/],
    [[...onShell, '--model', 'm', '--', 'ls'], 2, /the shell agent has no model/],
    [[...onShell, '--session', 's', '--tag', 't', '--', 'ls'], 2, /--tag is for a new session/],
    [['agent', 'run', '--agent', 'shell', '--store', 'runs.db', '--', 'ls'], 2, /sqlite:\/\/\/runs\.db/],
    [[...onShell, '--session', 'nobody', '--', 'ls'], 3, /no store at 'sessions\.db'/],
    [
      ['agent', 'run', '--agent', 'claude', '--store', url, '--', 'hi'],
      1,
      /npm install -g @anthropic-ai\/claude-code/,
    ],
  ];

  test.each(refusals)('%j: %i', async (args, code, said) => {
    const place = workplace();
    const env = { PATH: '/usr/bin:/bin' };
    const at = args.indexOf('--');
    const withJson = at === -1 ? [...args, '--json'] : [...args.slice(0, at), '--json', ...args.slice(at)];
    const asJson = await place.runlog(withJson, { env });
    expect(asJson).toMatchObject({ code, stdout: '' });
    const { error } = refusalShape.parse(JSON.parse(asJson.stderr));
    expect(`${error.summary}\n${error.how_to_fix}`).toMatch(said);
    expect(place.fingerprint()).toEqual({});
  });

  test('a session that is not there, or in which another process works', async () => {
    const place = workplace();
    const child = place.start([...onShell, '--json', '--', endless]);
    let seen = '';
    child.stdout?.on('data', (piece) => (seen += String(piece)));
    const close = ended(child);
    await untilThere(place.path('pid'));
    await expect.poll(() => seen).toContain('tool_call_started');
    const session = /"session_id":"(ses_\w+)"/.exec(seen)?.[1] ?? '';
    const busy = await place.runlog([...onShell, '--session', session, '--', 'ls']);
    child.kill('SIGINT');
    await close;
    expect(busy).toMatchObject({ code: 5, stdout: '' });
    expect(busy.stderr).toMatch(
      /^error: run 'run_\w+' of session 'ses_\w+' is under way in another process\n/,
    );
    expect(busy.stderr).toContain(`\`runlog session ${url} ${session} --follow\``);
    const absent = await place.runlog([...onShell, '--session', 'nobody', '--', 'ls']);
    expect(absent).toMatchObject({ code: 3, stdout: '' });
  });
});
