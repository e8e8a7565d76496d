/**
 * Scenario 26: what is saved is what is loaded: graphs, texts of every kind, several runs in one file; and reading a run writes
 * nothing. (A load without an id takes the run that was made last, where the original takes the one that was written last.)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behavior, load, open } from 'runlog';
import { expect, onTestFinished, test } from 'vitest';
import { graphJson } from '../harness/graph-json.ts';

function tempFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runlog-26-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'runs.db');
}

const filer = behavior({
  name: 'filer',
  on: 'note.added',
  run: ({ event, graph }) => {
    const note = graph.addObject('note', { ...event.payload, nested: [{ deep: [null, [], {}] }] });
    const folder = graph.objects('folder')[0] ?? graph.addObject('folder', { title: 'Ablage äöü 🗂' });
    graph.addRelation(folder.id, note.id, 'holds', { weight: 0.5 });
    graph.patchObject(folder.id, { last: note.id });
  },
});

const texts = ['plain', 'é e\u0301 😀', '\u0000\u001f', '\u2028\u2029\ufeff', '__proto__', ''];

test('the graph that is loaded is the graph that was saved, whatever its texts', async () => {
  const path = tempFile();
  const run = await open(path, { runId: 'first', behaviors: [filer] });
  for (const text of texts) await run.emit('note.added', { text, [text]: { [text]: [1.5, -0, 1e-7] } });
  await run.runUntilIdle();
  const saved = graphJson(run.graph);
  await run.close();
  const loaded = await load(path, { behaviors: [filer] });
  expect(graphJson(loaded.graph)).toEqual(saved);
  expect(loaded.graph.objects('note').map(({ data }) => data['text'])).toEqual(texts);
  await loaded.close();
});

test('runs of one file are kept apart, and the last one made is loaded without an id', async () => {
  const path = tempFile();
  for (const runId of ['first', 'second']) {
    const run = await open(path, { runId, behaviors: [filer] });
    await run.emit('note.added', { text: runId });
    await run.runUntilIdle();
    await run.close();
  }
  const newest = await load(path, { behaviors: [filer] });
  expect([newest.runId, newest.graph.objects('note').map(({ data }) => data['text'])]).toEqual([
    'second',
    ['second'],
  ]);
  await newest.close();
  const first = await load(path, { runId: 'first', behaviors: [filer] });
  expect(first.graph.objects('note').map(({ data }) => data['text'])).toEqual(['first']);
  await first.close();
});

test('loading a run and reading it adds no event to it', async () => {
  const path = tempFile();
  const run = await open(path, { behaviors: [filer] });
  await run.emit('note.added', { text: 'one' });
  await run.runUntilIdle();
  const head = await run.head();
  await run.close();
  const loaded = await load(path, { behaviors: [filer] });
  await loaded.runUntilIdle();
  expect(await loaded.head()).toEqual(head);
  await loaded.close();
});

test('a run of ten thousand events is saved and loaded', async () => {
  const path = tempFile();
  const run = await open(path);
  await run.mutate((graph) => {
    for (let n = 0; n < 9999; n += 1) graph.addObject('note', { n });
  });
  await run.close();
  const loaded = await load(path);
  expect([loaded.graph.objects('note').length, (await loaded.head()).seq]).toEqual([9999, 9999]);
  await loaded.close();
});
