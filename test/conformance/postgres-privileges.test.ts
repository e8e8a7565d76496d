// A user of PostgreSQL who may not do what is asked for is told what to ask for, and that is enough.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isStructuredError, migrateStore, open, openStore } from 'runlog';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { quoteName } from '../../src/adapters/stores/postgres/tables.ts';
import { serverUrl, sql } from '../harness/postgres/scratch-schema.ts';
import { scratchSchema } from './postgres-scratch.ts';
import { scratchFolder } from './sqlite-scratch.ts';

interface Role {
  readonly name: string;
  readonly schema: string;
  readonly url: string;
}

/** A user who may connect and no more, and a store of somebody else with a run. */
async function role(): Promise<Role> {
  const name = `clerk_${randomUUID().slice(0, 8)}`;
  const schema = scratchSchema();
  await sql(`CREATE ROLE ${name} LOGIN PASSWORD 'secret'`);
  onTestFinished(async () => {
    await sql(`DROP OWNED BY ${name} CASCADE; DROP ROLE ${name}`);
  });
  const url = new URL(serverUrl());
  url.username = name;
  url.password = 'secret';
  url.search = `schema=${encodeURIComponent(schema)}`;
  return { name, schema, url: url.href };
}

async function fill(url: string, runId: string): Promise<string> {
  const run = await open(url, { runId });
  await run.emit('note', { text: 'kept' });
  await run.runUntilIdle();
  await run.close();
  return url;
}

const ownUrl = ({ schema }: Role): string => `${serverUrl()}?schema=${encodeURIComponent(schema)}`;

async function refusal(work: () => Promise<unknown>): Promise<string> {
  const error: unknown = await work().then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!isStructuredError(error)) throw new Error(`not refused: ${String(error)}`);
  expect(error.context['reason']).toBe('denied');
  return error.howToFix;
}

const grants = (text: string): readonly string[] =>
  [...text.matchAll(/`(GRANT [^`]+)`/g)].map(([, command = '']) => command);

/** Does what a text says, with the names of the test in the place of those that it leaves open. */
async function heed(text: string, { name, schema }: Role): Promise<void> {
  const commands = grants(text);
  expect(commands).not.toEqual([]);
  for (const command of commands)
    await sql(command.replace('SCHEMA NAME', `SCHEMA ${quoteName(schema)}`).replace('TO USER', `TO ${name}`));
}

let present: Role;

beforeEach(async () => {
  present = await role();
});

test('who may not make a schema is told to ask for that', async () => {
  const { url } = present;
  await heed(await refusal(() => open(url, { runId: 'a' })), present);
  await fill(url, 'a');
});

test('who may not look into the schema of a store is told to ask for that, and can read it then', async () => {
  await fill(ownUrl(present), 'a');
  await heed(await refusal(() => openStore(present.url, { mode: 'read' })), present);
  const store = await openStore(present.url, { mode: 'read' });
  onTestFinished(() => store.close());
  expect((await store.head('a')).seq).toBeGreaterThan(0);
});

test('who may only read is told what lets it write, and of a migration which run did not come', async () => {
  await fill(ownUrl(present), 'a');
  await sql(`GRANT USAGE ON SCHEMA ${quoteName(present.schema)} TO ${present.name}`);
  await sql(`GRANT SELECT ON ALL TABLES IN SCHEMA ${quoteName(present.schema)} TO ${present.name}`);
  const from = await fill(`sqlite:///${join(scratchFolder(), 'runs.db')}`, 'b');
  const refused = await migrateStore(from, present.url);
  expect(refused.runs.map(({ status }) => status)).toEqual(['failed']);
  const problem = refused.runs[0]?.problem ?? '';
  expect(grants(problem).join()).not.toContain('CREATE');
  expect(await refusal(() => open(present.url, { runId: 'c' }))).toContain('INSERT');
  await heed(problem, present);
  expect((await migrateStore(from, present.url)).runs.map(({ status }) => status)).toEqual(['copied']);
});

test('who may insert and not change is told the same', async () => {
  await fill(ownUrl(present), 'a');
  await sql(`GRANT USAGE ON SCHEMA ${quoteName(present.schema)} TO ${present.name}`);
  await sql(`GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA ${quoteName(present.schema)} TO ${present.name}`);
  await heed(await refusal(() => open(present.url, { runId: 'c' })), present);
  await fill(present.url, 'c2');
});

test('a user that the server does not know is told to look at its name and its password', async () => {
  const url = new URL(present.url);
  url.username = 'nobody-of-that-name';
  const text = await refusal(() => openStore(url.href, { mode: 'read' }));
  expect([text, grants(text)]).toEqual(['Check user and password of the URL.', []]);
});
