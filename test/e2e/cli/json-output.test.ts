// Each form of JSON that is published is printed by its command, to the last field. In this process, since every test that runs a
// command as a process checks what that prints, too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonForms } from '../../../src/cli/json-forms/json-forms.ts';
import { main } from '../../../src/cli/main.ts';
import { checkJsonOutput } from '../../harness/json-output.ts';
import { makeForkedRuns, makeGatedRun, makeModelRun, makeReadmeRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const url = (name: string): string => `sqlite:///${place.path(`${name}.db`)}`;
const maker = `import { sha256 } from ${JSON.stringify(resolve('dist/index.js'))};
import { MemoryDatabase, openMemoryStore } from ${JSON.stringify(resolve('dist/log.js'))};
export default () => ({ name: 'mine', make: async () => {
  const database = new MemoryDatabase();
  const open = async () => openMemoryStore({ sha256, nowMs: () => 0, database, leaseMs: 1000 });
  const passTime = async () => {};
  return { leaseMs: 1000, open, otherHandle: open, reopen: open, passTime, destroy: passTime };
} });
`;

beforeAll(async () => {
  await makeGatedRun(place.path('gated.db'));
  await makeForkedRuns(place.path('forks.db'));
  await makeModelRun(place.path('model.db'));
  await makeReadmeRun(place.path('readme.db'));
  mkdirSync(place.path('home'));
  writeFileSync(place.path('policy.json'), '{ "max_session_age_days": 1 }');
  writeFileSync(place.path('mine.mjs'), maker);
});
afterAll(() => place.remove());

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function printed(args: readonly string[]): Promise<Printed> {
  const heard = { out: '', err: '' };
  const code = await main(args, {
    out: async (text) => void (heard.out += text),
    err: async (text) => void (heard.err += text),
    isTty: false,
    columns: null,
    env: { HOME: place.path('home') },
  });
  return { code, stdout: heard.out, stderr: heard.err };
}

const at = ['--at-event', 'evt_002'];

/** Name of the command, and the words behind it. They are carried out in this order. */
const calls: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['quickstart', ['--store', url('quickstart')]],
  ['runs', [url('gated')]],
  ['status', [url('model')]],
  ['inspect', [url('model')]],
  ['inspect', [url('model'), '--event', 'evt_001']],
  ['inspect', [url('model'), '--behaviors']],
  ['inspect', [url('gated'), '--pack-version']],
  ['inspect', [url('quickstart'), '--memo']],
  ['inspect', [url('model'), '--search', 'Audit']],
  ['replay', [url('model'), '--run-id', 'run_m']],
  ['replay', [url('quickstart'), '--run-id', 'quickstart', '--verify']],
  ['why', [url('model'), 'claim#2']],
  ['why', [url('readme'), 'task#2']],
  ['fork', [url('forks'), '--run-id', 'run_f', ...at, '--label', 'again', '--record']],
  ['fork', [url('quickstart'), '--run-id', 'quickstart', ...at, '--plan']],
  ['diff', [url('forks'), '--run-a', 'run_f', '--run-b', 'careful']],
  ['promote', [url('forks'), '--run-id', 'careful']],
  ['approvals', [url('gated')]],
  ['approve', [url('gated'), 'approval_001', '--by', 'jane']],
  ['deny', [url('gated'), 'approval_002', '--by', 'jane', '--reason', 'no source']],
  ['agent', ['run', '--agent', 'shell', '--store', url('sessions')]],
  ['session', [url('sessions'), 'SESSION']],
  ['session', [url('sessions'), 'SESSION', '--events']],
  ['inspect', [url('sessions'), '--run-id', 'SESSION']],
  ['redact', [url('sessions'), 'SESSION', '--type', 'message_sent', '--by', 'ops', '--reason', 'asked']],
  ['sessions', [url('sessions')]],
  ['sessions', [url('sessions'), '--search', 'echo']],
  ['usage', [url('sessions')]],
  ['maintain', [url('sessions'), '--policy', place.path('policy.json')]],
  ['migrate', ['--from', url('gated'), '--to', url('moved')]],
  ['import', [place.path('run.jsonl'), '--to', url('imported')]],
  ['import', ['ao', '--from', resolve('test/fixtures/ao/home-typical'), '--to', url('history'), '--dry-run']],
  ['schema', ['status', url('gated')]],
  ['schema', ['upgrade', url('gated'), '--dry-run']],
  ['doctor', [url('gated')]],
  ['backup', [url('gated'), place.path('copy.db')]],
  ['pin', [url('forks'), '--run-id', 'late', '--reason', 'evidence']],
  ['why-kept', [url('forks'), 'late', '--keep-last', '9', '--label', 'x', '--older-than', '8w']],
  ['archive', [url('forks'), '--to', url('archive'), '--label', 'lower price', '--apply']],
  ['delete', [url('forks'), '--keep-last', '0']],
  ['unpin', [url('forks'), '--run-id', 'late']],
  ['detach', [url('forks'), '--run-id', 'late']],
  ['ao', ['migrate', '--dry-run']],
  ['conformance', [place.path('mine.mjs'), '--case', 'read/get-one']],
  ['pack', ['new', 'my-pack', '--output', place.path('packs')]],
  ['pack', ['list']],
];

/** Printed while another process waits or goes on: their own tests run them as processes. */
const elsewhere = ['status --watch', 'approve of a request of an agent', 'deny of a request of an agent'];
const met = new Set<string>();
let session = '';

function note(name: string, output: string): void {
  const isOne = output.endsWith('\n}\n') || output.endsWith(']\n');
  const value: unknown = JSON.parse(isOne ? output : (output.split('\n')[0] ?? ''));
  for (const { when, schema } of jsonForms[name] ?? [])
    if (schema.safeParse(value).success) met.add(`${name} ${when}`.trim());
}

describe('what is printed with --json', () => {
  test.each(calls)('%s %j is what the schema says', async (name, words) => {
    if (name === 'import' && words[0] !== 'ao') {
      const trace = ['export-trace', url('gated'), '--format', 'jsonl', '-o', place.path('run.jsonl')];
      expect(await printed(trace)).toMatchObject({ code: 0 });
    }
    const behind = name === 'agent' ? ['--', 'echo', 'hello'] : [];
    const args = [name, ...words.map((word) => (word === 'SESSION' ? session : word)), '--json', ...behind];
    const result = await printed(args);
    expect(result.code, result.stderr).toBe(0);
    checkJsonOutput(args, result);
    note(name, result.stdout);
    session = /"session_id":"(\w+)"/.exec(result.stdout)?.[1] ?? session;
  });

  test('is an error that says what it is when the command fails', async () => {
    const args = ['inspect', url('nobody'), '--json'];
    const result = await printed(args);
    expect(result).toMatchObject({ code: 3, stdout: '' });
    checkJsonOutput(args, result);
    note('error', result.stderr);
  });

  test('is every form of every command', () => {
    const all = Object.entries(jsonForms).flatMap(([name, forms]) =>
      forms.map(({ when }) => `${name} ${when}`.trim()),
    );
    expect(all.filter((form) => !met.has(form) && !elsewhere.includes(form))).toEqual([]);
  });

  test('is refused when it has a field that nobody has described', () => {
    const more = '{ "run_id": "r", "pinned": true, "reason": "", "since": 1 }';
    expect(() => checkJsonOutput(['pin', '--json'], { stdout: more, stderr: '' })).toThrow('since');
  });
});
