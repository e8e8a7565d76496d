/** Scenario 2: the JSON of `object.created`. */
import { ReservedFieldError } from 'runlog';
import { expect, test } from 'vitest';
import { eventsOf, moment, openFixed, theEvent } from '../harness/fixed-run.ts';

test('object.created carries the object with its provenance, and the id once more', async () => {
  const run = await openFixed();
  await run.mutate((graph) => graph.addObject('task', { title: 'A', status: 'open' }));
  const created = await theEvent(run, 'object.created');
  expect(created.payload).toEqual({
    object: {
      id: 'task#1',
      type: 'task',
      data: { title: 'A', status: 'open' },
      version: 1,
      provenance: {
        created_by: 'system',
        caused_by_event: null,
        frame_id: null,
        timestamp: moment,
        evidence: [],
      },
    },
    id: 'task#1',
  });
  expect(created).toMatchObject({ actor: 'system', causedBy: null, frameId: null, timestamp: moment });
});

test('the keys of the payload stand in the order of the specification', async () => {
  const run = await openFixed();
  await run.mutate((graph) => graph.addObject('task', { title: 'A' }));
  const { payload } = await theEvent(run, 'object.created');
  expect(JSON.stringify(payload)).toMatch(
    /^{"object":{"id":.*,"type":.*,"data":.*,"version":1,"provenance":{"created_by":.*},"id":"task#1"}$/,
  );
});

test('data with a provenance of its own is refused, and leaves nothing in the log', async () => {
  const run = await openFixed();
  const adding = run.mutate((graph) => graph.addObject('task', { title: 'A', provenance: { x: 1 } }));
  await expect(adding).rejects.toBeInstanceOf(ReservedFieldError);
  expect(await eventsOf(run)).toEqual([]);
});

test('a provenance below the top of the data is data', async () => {
  const run = await openFixed();
  await run.mutate((graph) => graph.addObject('task', { source: { provenance: 'archive' } }));
  expect(run.graph.object('task#1')?.data).toEqual({ source: { provenance: 'archive' } });
});
