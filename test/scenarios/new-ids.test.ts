// An id that a caller chooses can be told on one line and typed again. What came from elsewhere keeps the id that it has.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { forkRun, load, open, openStore } from '../../src/app/index.ts';
import { nodePlatform, sleep } from '../../src/app/node-platform.ts';
import { InvalidRuntimeConfiguration } from '../../src/base/index.ts';
import { main } from '../../src/cli/main.ts';
import { directInvoker } from '../../src/effects/index.ts';
import { createRun, forkRun as forkInStore } from '../../src/runtime/index.ts';
import { newExecution, newSession, ValidationError } from '../../src/sessions/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'new-ids-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bad = ['a\nb', 'a\tb', '\u001b[2J', '  '];
const { nowMs, newCanceller: canceller } = nodePlatform;
const invoker = directInvoker({ nowMs, sleep, canceller });
const bare = { platform: nodePlatform, invoker, ownsStore: false };
const mint = { now: () => '2026-01-01T00:00:00.000000Z', id: (prefix: string) => `${prefix}_1` };

describe.each(bad)('the id %j', (id) => {
  test('is refused for a new run before its store is made', async () => {
    const path = join(folder, 'none.db');
    await expect(open(path, { runId: id })).rejects.toThrow(InvalidRuntimeConfiguration);
    expect(existsSync(path)).toBe(false);
  });

  test('is refused for a run in a store that is open', async () => {
    const store = await openStore('memory:');
    const made = createRun(store, { ...bare, runId: id });
    await expect(made).rejects.toThrow(InvalidRuntimeConfiguration);
    expect(await store.info(id)).toBeUndefined();
  });

  test('is refused for a fork, by every way to one', async () => {
    const store = await openStore('memory:');
    const run = await open(store, { runId: 'parent' });
    await run.runGoal('Say hello.');
    const atEvent = 'evt_001';
    await expect(run.fork({ atEvent, runId: id })).rejects.toThrow(InvalidRuntimeConfiguration);
    await run.close();
    const asked = { runId: 'parent', atEvent, newRunId: id };
    await expect(forkRun(store, asked)).rejects.toThrow(InvalidRuntimeConfiguration);
    const createdAt = mint.now();
    const made = forkInStore(store, { parent: 'parent', atEvent, runId: id, label: null, createdAt });
    await expect(made).rejects.toThrow(InvalidRuntimeConfiguration);
    expect(await store.info(id)).toBeUndefined();
  });

  test('is refused for a new session and a new run of one', () => {
    expect(() => newSession({ agentId: 'a', id }, mint)).toThrow(ValidationError);
    expect(() => newExecution({ sessionId: 's', id }, mint)).toThrow(ValidationError);
  });

  test('is taken by the store, and such a run is gone on with', async () => {
    const store = await openStore('memory:');
    await store.create({ id, kind: 'run', label: null, createdAt: mint.now() });
    const run = await load(store, { runId: id });
    await run.runGoal('Say hello.');
    await run.close();
    expect(run.runId).toBe(id);
  });
});

describe('an id that came from elsewhere', () => {
  const id = 'a\nb\u001b[2J\tc';
  const path = join(folder, 'moved.db');
  const url = `sqlite:///${path}`;

  async function said(...args: readonly string[]): Promise<string> {
    let text = '';
    const note = async (more: string): Promise<void> => void (text += more);
    await main(args, { out: note, err: note, isTty: false, columns: null, env: {} });
    return text;
  }

  test.each([
    ['runs', []],
    ['inspect', []],
    ['status', []],
    ['inspect', ['--run-id', id]],
    ['approvals', ['--run-id', id]],
    ['inspect', ['--run-id', id, '--event', 'none']],
    ['fork', ['--run-id', 'x', '--at-event', 'e', '--id', id]],
  ])('steers no terminal and breaks no line by way of %s %j', async (command, options) => {
    if (!existsSync(path)) {
      const store = await openStore(url);
      await store.create({ id, kind: 'run', label: null, createdAt: mint.now() });
      await store.close();
      const run = await load(path, { runId: id });
      await run.runGoal('Say hello.');
      await run.close();
    }
    const text = await said(command, url, ...options);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toMatch(/(^|[^\\])a\nb/);
    expect(text).toContain('a\\nb\\x1b[2J\\tc');
  });
});
