// Times that are none are refused before anything is written, and times beyond a timer are waited for.
import { nodePlatform } from 'runlog';
import { expect, test } from 'vitest';
import { streamSession } from 'runlog/sessions';
import { type Play, sessionBed } from '../../harness/session-bed.ts';

const done: Play = async () => {
  await new Promise((resolve) => setImmediate(resolve));
  return { output: { content: 'done' } };
};

test.each([0, -1, 0.5, Number.NaN, Infinity, -Infinity])(
  'a deadline of %d ms is refused',
  async (deadlineMs) => {
    const bed = sessionBed();
    const manager = bed.manager(done);
    const once = manager.runOnce('go', { session: { id: 's' }, deadlineMs });
    await expect(once).rejects.toMatchObject({ code: 'validation_error', context: { field: 'deadlineMs' } });
    await expect(bed.store.getSession('s')).rejects.toMatchObject({ code: 'session_not_found' });
    await manager.startSession({ id: 's' });
    const { id } = await manager.startRun('s', 'go');
    for (const call of [manager.executeRun(id, { deadlineMs }), manager.resumeRun(id, { deadlineMs })])
      await expect(call).rejects.toMatchObject({ code: 'validation_error' });
    expect((await bed.store.getRun(id)).status).toBe('pending');
  },
);

test.each([2 ** 31, 2 ** 31 + 1, Number.MAX_SAFE_INTEGER])(
  'a deadline of %d ms is none that comes at once',
  async (deadlineMs) => {
    const { run } = await sessionBed().manager(done).runOnce('go', { deadlineMs });
    expect(run.status).toBe('completed');
  },
);

test.each([0, -5, Number.NaN])('a lease of %d ms is refused', (leaseMs) => {
  expect(() => sessionBed().manager(done, { leaseMs })).toThrow('leaseMs');
});

test.each([0, Number.NaN])(
  'a silence of %d ms is refused, as the last event of the stream',
  async (idleTimeoutMs) => {
    const stream = streamSession(sessionBed().manager(done), 'go', nodePlatform, { idleTimeoutMs });
    const told: unknown[] = [];
    for await (const { type, data } of stream) told.push([type, data['error_code']]);
    expect(told).toEqual([['error_occurred', 'validation_error']]);
    await expect(stream.result).rejects.toMatchObject({ code: 'validation_error' });
  },
);
