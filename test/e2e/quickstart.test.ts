// The quickstart as a person meets it: the built command, a folder of one's own, and the commands that it prints.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { askCommand } from '../harness/kept-process/ask-kept.ts';

const bin = resolve('bin/runlog.js');
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'runlog-quickstart-'));
const documents = resolve('src/packs/diligence/companies');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Rejects with what was printed when the command fails, as `execFile` does. */
async function runlog(args: readonly string[], cwd = folder): Promise<Output> {
  const place = { cwd, env: { PATH: process.env['PATH'], RUNLOG_COMMAND: `${process.execPath} ${bin}` } };
  const answer = await askCommand(args, place);
  if (answer === null) return run(process.execPath, [bin, ...args], place);
  if (answer.code !== 0) throw Object.assign(new Error(answer.stderr), answer);
  return answer;
}

/** Only what the tests read of `--json`. */
const runShape = z.object({
  run_id: z.string(),
  events: z.number(),
  head_hash: z.string().length(64),
  memos: z.array(z.object({ id: z.string(), data: z.record(z.string(), z.unknown()) })),
});
const differencesShape = z.array(
  z.object({ id: z.string(), type: z.string(), in_parent: z.boolean(), in_fork: z.boolean() }),
);
const quickstartShape = z.object({
  store: z.string(),
  run: runShape,
  fork: runShape.extend({ diff: z.object({ objects: differencesShape }) }).nullable(),
});
const approvalsShape = z.array(z.object({ approval_id: z.string(), object_type: z.string() }));

type QuickstartJson = z.infer<typeof quickstartShape>;

async function json(args: readonly string[], cwd = folder): Promise<QuickstartJson> {
  return quickstartShape.parse(JSON.parse((await runlog(['quickstart', '--json', ...args], cwd)).stdout));
}

describe('the first call', () => {
  let first: Output;
  let sections: readonly string[];

  beforeAll(async () => {
    first = await runlog(['quickstart']);
    sections = first.stdout.split(/^== /m);
  });

  test('prints three memos, each about its own company, with every section', () => {
    const memos = (sections[0] ?? '').split(/^Memo /m).slice(1);
    expect(memos.map((memo) => memo.split('\n')[0]?.split(': ')[1])).toEqual([
      'Northwind Robotics',
      'Pinecone Bio',
      'Stellar Logistics',
    ]);
    for (const memo of memos) {
      for (const heading of [
        'Summary',
        'Thesis Questions Addressed',
        'Key Claims',
        'Open Contradictions',
        'Risks',
      ]) {
        expect(memo).toContain(`\n${heading}\n`);
      }
      const company = memo.split('\n')[0]?.split(': ')[1] ?? '';
      const others = ['Northwind', 'Pinecone', 'Stellar'].filter((name) => !company.startsWith(name));
      for (const other of others) expect(memo).not.toContain(other);
    }
  });

  test('quotes under every key claim words that stand in a bundled document', () => {
    const texts = readdirSync(documents, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => readFileSync(join(documents, file), 'utf8'));
    const quotes = [...(sections[0] ?? '').matchAll(/^ {6}"(.*)" \(evidence#\d+/gm)].map(
      ([, quote]) => quote ?? '',
    );
    expect(quotes.length).toBeGreaterThanOrEqual(12);
    expect(quotes.filter((quote) => !texts.some((text) => text.includes(quote)))).toEqual([]);
  });

  test('says which contradiction is open, or that none was found', () => {
    const open = [...(sections[0] ?? '').matchAll(/^Open Contradictions\n(.*)$/gm)].map(([, line]) => line);
    expect(open.slice(0, 2)).toEqual(['  no contradictions found', '  no contradictions found']);
    expect(open[2]).toContain('contradiction#');
  });

  test('says why the fork has no contradiction, by the certainty of its weaker claim', () => {
    const changed = sections.find((section) => section.startsWith('What a stricter setting changed')) ?? '';
    expect(changed).toContain(
      [
        'A contradiction is flagged when both of its claims are at least that certain; claim#107 has a confidence of 0.79, so',
        'contradiction#115 of quickstart is not in quickstart-stricter.',
        '',
        'divergent objects:',
      ].join('\n'),
    );
  });

  test('tells what it is doing while it works, on the error stream', () => {
    expect(first.stderr).toContain('[1/3] Diligence: Northwind Robotics');
    expect(first.stderr).toContain('[3/3] Diligence: Stellar Logistics');
  });

  test('prints commands that work as they are printed', async () => {
    const next = (sections.at(-1) ?? '').split('\n').filter((line) => line.includes(bin));
    expect(next.length).toBeGreaterThanOrEqual(6);
    for (const command of next) {
      const { stdout } = await run('sh', ['-c', command.trim()], { cwd: tmpdir() });
      expect(stdout.length, command).toBeGreaterThan(0);
    }
  });

  test('called again reads everything from the log and asks nobody', async () => {
    const again = await runlog(['quickstart']);
    expect(again.stderr).toContain('nothing was asked again');
    const memosOf = ({ stdout }: Output): string => stdout.split(/^== /m)[0] ?? '';
    expect(memosOf(again)).toBe(memosOf(first));
  });
});

test('two runs in two places write the same bytes', async () => {
  const [left, right] = [
    await json(['--store', 'sqlite:///left.db']),
    await json(['--store', 'sqlite:///right.db?durability=normal']),
  ];
  expect(left.run.head_hash).toBe(right.run.head_hash);
  expect(left.fork?.head_hash).toBe(right.fork?.head_hash);
});

test('the fork differs in the contradiction and the memo, and in nothing else', async () => {
  const { fork } = await json(['--store', 'sqlite:///fork.db']);
  const objects = fork?.diff.objects ?? [];
  const types = (side: 'in_parent' | 'in_fork'): string[] =>
    objects.filter((object) => object[side]).map(({ type }) => type);
  expect(types('in_parent').sort()).toEqual(['contradiction', 'memo']);
  expect(types('in_fork')).toEqual(['memo']);
});

async function pending(url: string): Promise<readonly string[]> {
  const listed = approvalsShape.parse(JSON.parse((await runlog(['approvals', url, '--json'])).stdout));
  return listed.map((approval) => `${approval.approval_id} ${approval.object_type}`);
}

test('a run under review waits for approvals, takes them from the command line, and goes on to its memos', async () => {
  const url = 'sqlite:///review.db';
  const review = (): Promise<QuickstartJson> => json(['--review', '--store', url]);
  expect((await review()).run.memos).toEqual([]);
  const risks = await pending(url);
  expect(risks.length).toBeGreaterThan(0);
  expect(risks.every((risk) => risk.endsWith(' risk'))).toBe(true);
  for (const risk of risks) await runlog(['approve', url, risk.split(' ')[0] ?? '', '--by', 'jane']);
  expect((await review()).run.memos).toEqual([]);
  const memos = await pending(url);
  expect(memos.map((memo) => memo.split(' ')[1])).toEqual(['memo', 'memo', 'memo']);
  await runlog(['deny', url, memos[0]?.split(' ')[0] ?? '', '--by', 'jane', '--reason', 'too short']);
  await runlog(['approve', url, memos[1]?.split(' ')[0] ?? '', '--by', 'jane']);
  expect((await review()).run.memos).toHaveLength(1);
  expect(await pending(url)).toEqual([memos[2]]);
});

test('Ctrl-C ends it with exit code 130, and the same command goes on from there', async () => {
  const args = ['quickstart', '--slow', '--store', 'sqlite:///stopped.db'];
  const stopped = await new Promise<{ code: number | null; stderr: string }>((done) => {
    const child = execFile(process.execPath, [bin, ...args], { cwd: folder }, (_error, _stdout, stderr) =>
      done({ code: child.exitCode, stderr }),
    );
    child.stderr?.on('data', (text: string) => {
      if (text.includes('document_researcher')) child.kill('SIGINT');
    });
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain('the same command goes on from here');
  const whole = await json(['--store', 'sqlite:///whole.db']);
  expect((await json(['--store', 'sqlite:///stopped.db'])).run.head_hash).toBe(whole.run.head_hash);
});

test('a reader of both outputs that goes away stops nothing, and it ends with 0', async () => {
  const cwd = mkdtempSync(join(folder, 'unread-'));
  const command = `{ '${process.execPath}' '${bin}' quickstart --store sqlite:///pipe.db; echo $? > code; } 2>&1 | head -n 1`;
  const [line] = execFileSync('/bin/sh', ['-c', command], { cwd, encoding: 'utf8' }).split('\n');
  expect([line, readFileSync(join(cwd, 'code'), 'utf8')]).toEqual(['run quickstart: new', '0\n']);
  const { stdout } = await runlog(['runs', 'sqlite:///pipe.db', '--json'], cwd);
  expect(JSON.parse(stdout)).toMatchObject([{ events: 710 }, { events: 708 }]);
});

test('a store URL without a scheme is refused with the URL that was meant, and nothing is created', async () => {
  const refused = await runlog(['quickstart', '--store', 'bare.db']).catch(
    (error: Output & { code: number }) => error,
  );
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('sqlite:///bare.db');
  expect(existsSync(join(folder, 'bare.db'))).toBe(false);
});
