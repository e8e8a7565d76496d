import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeProgram, isRunning, untilThere } from '../../test/harness/fake-program.ts';
import { endMarked } from './marked-processes.ts';
import { beginningOf } from './output-lines.ts';
import { startProgram } from './program.ts';

let marks = 0;
const path = { PATH: process.env['PATH'] ?? '' };

async function start(
  script: string,
  over: { env?: Record<string, string>; input?: string; graceMs?: number } = {},
) {
  const fake = fakeProgram(script);
  const mark = `test-${process.pid}-${(marks += 1)}`;
  const { env = path, input = '', graceMs = 5_000 } = over;
  const options = { command: fake.path, args: [], cwd: fake.folder, env, input, mark, graceMs };
  const program = await startProgram(options);
  const pids = (name: string) => Number(readFileSync(join(fake.folder, name), 'utf8'));
  return { fake, program, mark, pids, there: (name: string) => untilThere(join(fake.folder, name)) };
}

/** A process that has left the group and has lost its parent, as tools of agents do; the file has its number. */
const runaway = "(setsid sh -c 'echo $$ > away.new; mv away.new away; exec sleep 600' >/dev/null 2>&1 &)";

describe('a program', () => {
  it('gets its input and nothing of the environment but what it is given', async () => {
    process.env['RUNLOG_TEST_SECRET'] = 'hidden';
    const { fake, program } = await start('cat; env', { env: { ...path, GIVEN: 'yes' }, input: 'said\n' });
    const said = (await beginningOf(program.stdout, 10_000)).text;
    delete process.env['RUNLOG_TEST_SECRET'];
    expect(said).toMatch(/^said\n/);
    expect(said).toContain('GIVEN=yes');
    expect(said).not.toContain('hidden');
    expect(await program.ended).toEqual({ exitCode: 0, signal: null });
    fake[Symbol.dispose]();
  });

  it('that does not read its input ends as it would', async () => {
    const { fake, program } = await start('exit 4', { input: 'x'.repeat(1_000_000) });
    expect(await program.ended).toEqual({ exitCode: 4, signal: null });
    fake[Symbol.dispose]();
  });

  it('that is not there is told by the error of the system', async () => {
    const options = { command: '/no/such', args: [], cwd: '/', env: path, mark: 'none', graceMs: 1 };
    await expect(startProgram(options)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is asked to end before it is killed', async () => {
    const { fake, program, there } = await start(
      "trap 'exit 7' TERM; touch ready; while :; do sleep 0.01; done",
    );
    await there('ready');
    await program.stop();
    expect(await program.ended).toEqual({ exitCode: 7, signal: null });
    fake[Symbol.dispose]();
  });

  it('that does not listen is killed, with its children', async () => {
    const script = "trap '' TERM; sleep 600 & echo $! > child; touch ready; wait; wait";
    const { fake, program, there, pids } = await start(script, { graceMs: 20 });
    await there('ready');
    await program.stop();
    expect(await program.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(isRunning(pids('child'))).toBe(false);
    fake[Symbol.dispose]();
  });

  it('that is stopped takes along what has left its group', async () => {
    const { fake, program, there, pids } = await start(`${runaway}\nsleep 600`);
    await there('away');
    await program.stop();
    expect(isRunning(pids('away'))).toBe(false);
    fake[Symbol.dispose]();
  });

  it('that ends by itself leaves nothing behind, also nothing that holds its output open', async () => {
    const { fake, program, there, pids } = await start(
      "(setsid sh -c 'echo $$ > away.new; mv away.new away; exec sleep 600' &) ; while [ ! -e away ]; do sleep 0.01; done; echo done",
    );
    await there('away');
    expect((await beginningOf(program.stdout, 100)).text).toBe('done\n');
    await program.ended;
    expect(isRunning(pids('away'))).toBe(false);
    fake[Symbol.dispose]();
  });

  it('that ends by itself does not wait for what has hidden from it and holds its output open', async () => {
    const hidden =
      "(env -i /usr/bin/setsid /bin/sh -c 'echo $$ > hidden.new; /bin/mv hidden.new hidden; exec /bin/sleep 600' &)";
    const { fake, program, there, pids } = await start(
      `${hidden}; while [ ! -e hidden ]; do sleep 0.01; done; echo done`,
    );
    await there('hidden');
    const pid = pids('hidden');
    onTestFinished(() => void process.kill(pid, 'SIGKILL'));
    const [out, errors] = await Promise.all([
      beginningOf(program.stdout, 100),
      beginningOf(program.stderr, 100),
    ]);
    expect([out.text, errors.text]).toEqual(['done\n', '']);
    fake[Symbol.dispose]();
  });

  it('that has ended is still read to its end by a reader who takes his time', async () => {
    const { fake, program } = await start('head -c 1000000 /dev/zero');
    let bytes = 0;
    let isFirst = true;
    for await (const chunk of program.stdout) {
      if (isFirst) await sleep(700);
      isFirst = false;
      bytes += chunk.length;
    }
    expect(bytes).toBe(1_000_000);
    fake[Symbol.dispose]();
  });

  it('may be stopped twice, and after its end', async () => {
    const { fake, program, there } = await start('touch ready; sleep 600');
    await there('ready');
    await Promise.all([program.stop(), program.stop()]);
    await program.stop();
    expect((await program.ended).signal).toBe('SIGTERM');
    fake[Symbol.dispose]();
  });
});

describe('what a dead process has left of a program', () => {
  it('is asked to end first, and writes down what it knows', async () => {
    const script =
      "trap 'sleep 0.05; echo last words > words; exit 0' TERM; touch ready; while :; do sleep 0.01; done";
    const left = await start(script);
    await left.there('ready');
    await endMarked(left.mark, null, 5_000);
    expect(readFileSync(join(left.fake.folder, 'words'), 'utf8')).toBe('last words\n');
    expect(await left.program.ended).toEqual({ exitCode: 0, signal: null });
    left.fake[Symbol.dispose]();
  });

  it('that does not listen is killed, with all that it started', async () => {
    const left = await start("trap '' TERM; sleep 600 & echo $! > child; touch ready; wait; wait");
    await left.there('ready');
    expect(await endMarked(left.mark, null, 50)).toBeGreaterThan(1);
    expect((await left.program.ended).signal).toBe('SIGKILL');
    expect(isRunning(left.pids('child'))).toBe(false);
    left.fake[Symbol.dispose]();
  });

  it('is found by its mark and ended, and nothing else is', async () => {
    const left = await start('touch ready; sleep 600');
    const other = await start('touch ready; sleep 600');
    await Promise.all([left.there('ready'), other.there('ready')]);
    expect(await endMarked(left.mark, null)).toBeGreaterThan(0);
    expect((await left.program.ended).signal).toBe('SIGKILL');
    expect(isRunning(other.program.pid)).toBe(true);
    expect(await endMarked(left.mark, null)).toBe(0);
    await other.program.stop();
    for (const { fake } of [left, other]) fake[Symbol.dispose]();
  });
});
