// Nothing raw leaves a command: whatever stands where a file was named, the refusal is one of the catalogue. In this process: what the
// operating system says is the same, and there are hundreds of combinations.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { main } from '../../../src/cli/main.ts';
import { Workplace } from './workplace.ts';
import { makeReadmeRun } from './stored-runs.ts';

const place = new Workplace();
const path = (name: string): string => place.path(name);
const store = `sqlite:///${path('good.db')}`;
const sessions = `sqlite:///${path('sessions.db')}`;

const named: readonly (readonly [what: string, name: string])[] = [
  ['a folder', 'folder'],
  ['something below a file', 'file/x'],
  ['a link to itself', 'loop'],
  ['something below such a link', 'loop/x'],
  ['a name that is too long', 'n'.repeat(300)],
  ['a link to nothing', 'dangling'],
  ['bytes that are no text', 'bytes.json'],
  ['JSON that breaks off', 'half.json'],
  ['YAML that breaks off', 'half.yaml'],
  ['a number', 'number.json'],
  ['an empty file', 'empty.json'],
  ['nothing', 'nowhere/x'],
];

beforeAll(async () => {
  mkdirSync(path('folder'));
  symlinkSync('loop', path('loop'));
  symlinkSync('nowhere/x', path('dangling'));
  writeFileSync(path('file'), 'x');
  writeFileSync(path('bytes.json'), Buffer.from([0x7b, 0xff, 0x80, 0x7d]));
  writeFileSync(path('half.json'), '{ "a": ');
  writeFileSync(path('half.yaml'), 'a: [}');
  writeFileSync(path('number.json'), '5');
  writeFileSync(path('empty.json'), '');
  writeFileSync(path('policy.json'), '{ "max_session_age_days": 1 }');
  await makeReadmeRun(path('good.db'));
  const made = await run('agent', 'run', '--agent', 'shell', '--store', sessions, '--', 'true');
  expect(made.code).toBe(0);
});
afterAll(() => place.remove());

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly err: string }> {
  let err = '';
  const code = await main(args, {
    out: async () => undefined,
    err: async (text) => void (err += text),
    isTty: false,
    columns: null,
    env: { HOME: place.folder },
  });
  return { code, err };
}

type Call = (name: string) => readonly string[];

const url = (name: string): string => `sqlite:///${path(name)}`;
const of =
  (command: string, ...more: readonly string[]): Call =>
  (name) => [command, url(name), ...more];
const byRun = ['--run-id', 'run_x'];
const toFork = [...byRun, '--at-event', 'evt_002'];

/** Every place of a command where a file or a folder is named. What is written is named last, where nothing is changed by it. */
const calls: Readonly<Record<string, Call>> = {
  runs: of('runs'),
  status: of('status'),
  inspect: of('inspect'),
  replay: of('replay', ...byRun),
  'replay --program': (name) => ['replay', store, ...byRun, '--verify', '--program', path(name)],
  why: of('why', 'task#1'),
  'export-trace': of('export-trace'),
  'export-trace -o': (name) => ['export-trace', store, '-o', path(name)],
  fork: of('fork', ...toFork),
  'fork --program': (name) => ['fork', store, ...toFork, '--plan', '--program', path(name)],
  diff: of('diff', '--run-a', 'a', '--run-b', 'b'),
  promote: of('promote', ...byRun),
  approvals: of('approvals'),
  approve: of('approve', 'approval_001', '--by', 'jane'),
  deny: of('deny', 'approval_001', '--by', 'jane'),
  'agent --policy': (name) => [
    ...['agent', 'run', '--agent', 'shell', '--store', sessions, '--policy', path(name), '--', 'true'],
  ],
  sessions: of('sessions'),
  usage: of('usage'),
  session: of('session', 'ses_1'),
  redact: of('redact', 'ses_1', '--event', 'evt_1', '--by', 'ops', '--reason', 'asked'),
  maintain: of('maintain', '--policy', path('policy.json')),
  'maintain --policy': (name) => ['maintain', sessions, '--policy', path(name)],
  'migrate --from': (name) => ['migrate', '--from', url(name), '--to', url('moved.db')],
  'migrate --artifacts-from': (name) => [
    ...['migrate', '--from', sessions, '--to', url('moved.db'), '--dry-run'],
    ...['--artifacts-from', path(name), '--artifacts-to', path('artifacts')],
  ],
  import: (name) => ['import', path(name), '--to', url('imported.db')],
  'import --from': (name) => ['import', 'ao', '--from', path(name), '--to', url('history.db'), '--dry-run'],
  'schema status': (name) => ['schema', 'status', url(name)],
  'schema upgrade': (name) => ['schema', 'upgrade', url(name)],
  doctor: of('doctor'),
  'doctor --artifacts': (name) => ['doctor', sessions, '--artifacts', path(name)],
  backup: of('backup', path('copy.db')),
  'backup FILE': (name) => ['backup', store, path(`folder/${name}`)],
  archive: of('archive', '--to', url('archive.db'), '--keep-last', '1'),
  delete: of('delete', '--keep-last', '1'),
  'delete --artifacts': (name) => [
    ...['delete', sessions, '--keep-last', '1', '--status', 'session', '--artifacts', path(name)],
  ],
  pin: of('pin', ...byRun),
  detach: of('detach', ...byRun),
  'why-kept': of('why-kept', 'run_x'),
  'ao --config': (name) => ['ao', 'migrate', '--dry-run', '--config', path(name)],
  conformance: (name) => ['conformance', path(name)],
  'pack -o': (name) => ['pack', 'new', 'my-pack', '-o', path(name)],
};

const said = z.object({ error: z.object({ code: z.string(), doc_url: z.string() }) });

describe.each(Object.entries(calls))('%s', (_name, call) => {
  test.each(named)('says in our words what is wrong with %s', async (_what, name) => {
    const [first = '', ...rest] = call(name);
    const isText = first === 'export-trace' || first === 'ao';
    const { code, err } = await run(first, ...(isText ? [] : ['--json']), ...rest);
    expect(err).not.toMatch(/unexpected|^\s+at .+:\d+/m);
    if (code === 0 || isText || !err.startsWith('{')) return;
    expect(said.parse(JSON.parse(err)).error.code).not.toBe('unexpected');
  });
});
