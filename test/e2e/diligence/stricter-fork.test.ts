// The run forked where the contradicting claims are known, and continued under a stricter threshold: the contradiction is gone,
// with what follows from it, and nothing else is.
import { beforeAll, expect, test } from 'vitest';
import { diffGraphs, openStore, open, type Runtime } from 'runlog';
import type { GraphDiff } from 'runlog/graph';
import { diligence } from 'runlog/packs/diligence';
import { openForkWithSettings } from '../../../src/app/fork/fork-with-settings.ts';
import { eventsOf, offline, runAll } from './open-diligence.ts';

let parent: Runtime;
let fork: Runtime;
let diff: GraphDiff;

beforeAll(async () => {
  const store = await openStore('memory:');
  parent = await runAll(await open(store, offline()));
  const events = await eventsOf(parent);
  const edge = events.findIndex(({ payload }) =>
    JSON.stringify(payload['relation'] ?? null).includes('"type":"contradicts"'),
  );
  // The edge is one of several changes of its behavior, which a fork shares as a whole.
  const atEvent = events.slice(edge).find(({ type }) => type === 'behavior.completed')?.id ?? '';
  const overrides = [
    {
      pack: { name: diligence.name, version: diligence.version },
      key: 'confidence_threshold_for_review',
      value: 0.9,
    },
  ];
  const request = { parent: 'quickstart', atEvent, runId: 'stricter', label: 'stricter', overrides };
  fork = await openForkWithSettings(store, request, { ...offline(), packs: [diligence] });
  await fork.runUntilIdle();
  diff = diffGraphs(parent.graph, fork.graph);
});

test('the contradiction and its two references are gone, and nothing is added', () => {
  expect(parent.graph.objects('contradiction')).toHaveLength(1);
  expect(fork.graph.objects('contradiction')).toEqual([]);
  expect(fork.graph.objects()).toHaveLength(parent.graph.objects().length - 1);
  expect(fork.graph.relations()).toHaveLength(parent.graph.relations().length - 2);
});

test('of all objects only the memo on Stellar reads differently', () => {
  const told = (graph: Runtime['graph']) =>
    graph
      .objects()
      .filter(({ type }) => type !== 'contradiction')
      .map(({ type, data }) => [type, data] as const);
  const before = told(parent.graph);
  const changed = told(fork.graph).filter(
    ([, data], index) => JSON.stringify(data) !== JSON.stringify(before[index]?.[1]),
  );
  expect(changed.map(([type]) => type)).toEqual(['memo']);
  expect(changed[0]?.[1]).toMatchObject({
    open_contradictions: [],
    contradictions_note: 'no contradictions found',
  });
});

test('the comparison of the graphs shows the contradiction and the memo, and nothing else', () => {
  const types = (elements: readonly { readonly type: string }[]): readonly string[] =>
    elements.map(({ type }) => type);
  const { objects, relations } = diff;
  expect([types(objects.onlyLeft), types(objects.onlyRight), objects.changed]).toEqual([
    ['contradiction', 'memo'],
    ['memo'],
    [],
  ]);
  expect([types(relations.onlyLeft), relations.onlyRight, relations.changed]).toEqual([
    ['references', 'references'],
    [],
    [],
  ]);
});

test('nobody is asked again for what the parent was answered', async () => {
  const own = (await eventsOf(fork, 'llm.responded')).filter(
    ({ payload }) => payload['behavior'] === 'diligence.memo_synthesizer',
  );
  const shared = await eventsOf(fork, 'llm.responded', 'tool.responded');
  const afterFork = shared.filter(({ payload }) => payload['cache_hit'] === true);
  expect(own.at(-1)?.payload['cache_hit']).toBe(false);
  expect(afterFork.map(({ payload }) => payload['behavior'])).toEqual([
    'diligence.document_researcher',
    'diligence.document_researcher',
    'diligence.document_researcher',
    'diligence.document_researcher',
    'diligence.document_researcher',
    'diligence.risk_identifier',
  ]);
});

test('no behavior fails in the fork', () => {
  expect(fork.errors).toEqual([]);
});
