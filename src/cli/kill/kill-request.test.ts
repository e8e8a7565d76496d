import { describe, expect, it } from 'vitest';
import { type KillRequest, readKillRequest } from './kill-request.ts';
import { UsageError } from '../usage-error.ts';

const kill = { write: 4, when: 'middle', delayUs: 12.5 } as const;
const death = { address: '/tmp/a', moment: 'killed before write 1', begun: 1, acknowledged: 0 };

describe('the request of a process that is to be killed', () => {
  const requests: readonly KillRequest[] = [
    { mode: 'live', port: 'store', address: '/tmp/a', kill },
    { mode: 'live', port: 'session-store', address: null, kill: null },
    { mode: 'judge', port: 'store', deaths: [death, { ...death, address: null }] },
    { mode: 'together', port: 'session-store', address: '/tmp/a', writer: 'one' },
    { mode: 'judge together', port: 'session-store', address: '/tmp/a' },
  ];

  it.each(requests)('is what the harness wrote: $mode on $port at $address', (request) => {
    expect(readKillRequest(JSON.stringify(request))).toEqual(request);
  });

  it.each([
    'no JSON',
    'null',
    '{}',
    JSON.stringify({ mode: 'live', port: 'agent', address: null, kill: null }),
    JSON.stringify({ mode: 'live', port: 'store', kill: null }),
    JSON.stringify({ mode: 'live', port: 'store', address: null }),
    JSON.stringify({ mode: 'live', port: 'store', address: null, kill: { ...kill, when: 'soon' } }),
    JSON.stringify({ mode: 'live', port: 'store', address: null, kill: { ...kill, write: 1.5 } }),
    JSON.stringify({ mode: 'judge', port: 'store', deaths: [{ ...death, begun: '1' }] }),
    JSON.stringify({ mode: 'judge', port: 'store', deaths: death }),
    JSON.stringify({ mode: 'together', port: 'session-store', address: '/tmp/a' }),
    JSON.stringify({ mode: 'forgive', port: 'store', address: null }),
  ])('is refused when it is something else: %s', (text) => {
    expect(() => readKillRequest(text)).toThrow(UsageError);
  });
});
