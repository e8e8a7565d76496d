import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setImmediate as immediately } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Owner } from '../log/index.ts';
import { runHolder } from './run-holder.ts';

const nowMs = Date.parse('2026-05-15T10:32:01Z');
const owner: Owner = {
  owner: 'handle',
  host: hostname(),
  pid: process.pid,
  startedAt: '2026-05-15T10:00:00Z',
  expiresAt: '2026-05-15T10:33:00Z',
};
/** Larger than any that a system gives. */
const deadPid = 2 ** 30;

/** The pid of a process that has ended, and whose parent never waits for it: there is one under Linux, and none elsewhere. */
async function leftByItsParent(): Promise<number> {
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60']);
  onTestFinished(() => void parent.kill('SIGKILL'));
  const said: readonly unknown[] = await once(parent.stdout, 'data');
  const pid = Number(String(said[0]));
  if (process.platform !== 'linux') return deadPid;
  while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) await immediately();
  return pid;
}

describe('runHolder', () => {
  it('names a living process of this machine', () => {
    expect(runHolder({ owner }, nowMs)).toEqual({
      host: hostname(),
      pid: process.pid,
      expiresAt: owner.expiresAt,
    });
  });

  it('is nobody when nobody took the run', () => {
    expect(runHolder({ owner: null }, nowMs)).toBeNull();
  });

  it('is nobody when the claim has lapsed', () => {
    expect(runHolder({ owner: { ...owner, expiresAt: '2026-05-15T10:32:01Z' } }, nowMs)).toBeNull();
  });

  it('is nobody when the process is gone', () => {
    expect(runHolder({ owner: { ...owner, pid: deadPid } }, nowMs)).toBeNull();
  });

  it('is nobody when the process is dead, and only nobody has asked after it', async () => {
    const pid = await leftByItsParent();
    expect(runHolder({ owner: { ...owner, pid } }, nowMs)).toBeNull();
  });

  it('believes a claim of another machine', () => {
    expect(runHolder({ owner: { ...owner, host: 'elsewhere', pid: deadPid } }, nowMs)).toMatchObject({
      host: 'elsewhere',
    });
  });
});
