import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropSchema, serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { Workplace } from './page-run.ts';
import { stepsOf } from './page-steps.ts';
import { readPages } from './pages.ts';

const path = 'docs/guides/move-from-langgraph-checkpoints.md';
const print = `
const { readThreads } = await import(process.argv[1]);
const found = [];
for (const { name, namespace, checkpoints } of await readThreads(...process.argv.slice(2)))
  for (const { id, parentId, values, metadata, writes } of checkpoints)
    found.push({ thread: name, namespace, id, parent: parentId, values, metadata, writes: writes.length });
console.log(JSON.stringify(found));
`;

/** A schema of its own: the test of the pages has the other one. */
const schema = 'langgraph_facts';

describe('the guide from LangGraph checkpoints', () => {
  const workplace = new Workplace();
  const folder = workplace.folderOf('langgraph-facts');
  beforeAll(async () => {
    await sql(
      readFileSync('test/fixtures/langgraph/postgres.sql', 'utf8').replaceAll(
        /\blanggraph(?=[ ;.])/g,
        schema,
      ),
    );
    const page = readPages().find((found) => found.path === path);
    expect(page).toBeDefined();
    for (const step of page === undefined ? [] : stepsOf(page))
      if (step.kind === 'program') writeFileSync(join(folder, step.file), step.text);
  });
  afterAll(async () => {
    workplace.remove();
    await dropSchema(schema);
  });

  const read = (...args: readonly string[]): unknown => {
    const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', print];
    const { stdout, stderr } = spawnSync(process.execPath, [...options, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };
  const factsOf = (name: string): unknown =>
    JSON.parse(readFileSync(`test/fixtures/langgraph/${name}.facts.json`, 'utf8'));

  it('reads of a file what LangGraph.js says is in it', () => {
    expect(read('./checkpoints.ts', 'langgraph.sqlite')).toEqual(factsOf('threads'));
  });

  it('reads of PostgreSQL what LangGraph.js says is in it', () => {
    expect(read('./checkpoints-postgres.ts', serverUrl(), schema)).toEqual(factsOf('postgres'));
  });
});
