import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
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

  it('believes a claim of another machine', () => {
    expect(runHolder({ owner: { ...owner, host: 'elsewhere', pid: deadPid } }, nowMs)).toMatchObject({
      host: 'elsewhere',
    });
  });
});
