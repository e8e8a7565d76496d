// What agents hand over is kept by the manager: in the registry of the session, before the event that tells of it.
import { createHash } from 'node:crypto';
import { nodePlatform, sha256 } from 'runlog';
import { artifactStorageFailed, type ArtifactStore, memoryArtifacts } from 'runlog/effects';
import { openMemoryStore } from 'runlog/log';
import {
  type AgentEvent,
  artifactRegistry,
  checkArtifacts,
  countingMint,
  openLogSessionStore,
  scriptedAgent,
  SessionManager,
} from 'runlog/sessions';
import { beforeEach, expect, test } from 'vitest';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const newCanceller = (): AbortController => new AbortController();
const log = () => openMemoryStore({ sha256, nowMs: nodePlatform.nowMs });

interface BedOptions {
  readonly hasRegistry?: boolean;
  readonly toolOutputCharacters?: number;
}

function bed(
  artifacts: ArtifactStore,
  events: readonly AgentEvent[],
  { hasRegistry = true, toolOutputCharacters }: BedOptions = {},
) {
  const store = log();
  const sessions = openLogSessionStore(store, nodePlatform);
  const registry = artifactRegistry({ log: store, artifacts, sha256 });
  const agent = scriptedAgent({
    name: 'claude',
    newCanceller,
    play: async ({ tell }) => {
      await tell({ type: 'run_started', data: {} });
      for (const event of events) await tell(event);
      await tell({ type: 'run_completed', data: {} });
      return {
        output: {},
        tokenUsage: {},
        costUsd: null,
        model: null,
        providerSessionId: null,
        turnCount: 1,
      };
    },
  });
  const manager = new SessionManager({
    store: sessions,
    agent,
    mint: countingMint(),
    sha256,
    platform: { ...nodePlatform, newCanceller },
    owner: 'test',
    ...(hasRegistry ? { artifacts: registry } : {}),
    ...(toolOutputCharacters === undefined ? {} : { toolOutputCharacters }),
  });
  return { sessions, registry, manager };
}

let artifacts: ArtifactStore;
beforeEach(() => {
  artifacts = memoryArtifacts({ newHash: () => createHash('sha256'), now: () => '2026-11-21T10:00:00.000Z' });
});

const handed = (name: string, content: string): AgentEvent => ({
  type: 'message_received',
  data: { content: `see ${name}`, role: 'assistant' },
  artifacts: [{ name, content, contentType: 'text/plain' }],
});

test('a file that is handed over with an event is in the registry with its run, and the event names its key and its bytes', async () => {
  const { sessions, registry, manager } = bed(artifacts, [
    handed('report.md', 'one'),
    handed('report.md', 'one'),
    handed('report.md', 'two'),
  ]);
  const { run, persistenceFailures } = await manager.runOnce('go', { session: { id: 's' } });
  expect(persistenceFailures).toBe(0);
  const rows = await registry.of('s').list();
  expect(rows.map(({ runId, size, contentType }) => [runId, size, contentType])).toEqual([
    [run.id, 3, 'text/plain'],
    [run.id, 3, 'text/plain'],
  ]);
  const events = await sessions.getEvents('s', { type: 'message_received' });
  const said = events.map(({ data }) => /"key":"([^"]+)"/.exec(JSON.stringify(data))?.[1] ?? '');
  expect(said[0]).toBe(`s/${run.id}/report.md`);
  expect(said[1]).toBe(said[0]);
  const contents = await Promise.all(said.map(async (key) => text((await artifacts.get(key)).bytes)));
  expect(contents).toEqual(['one', 'one', 'two']);
  const findings = [];
  for await (const finding of checkArtifacts(registry, { proveBytes: true })) findings.push(finding);
  expect(findings).toEqual([]);
});

test('a long output of a tool is an artifact as a whole, and its beginning stays in the event; secrets are in neither', async () => {
  const output = `${'ä'.repeat(90)} password: hunter2 ${'😀'.repeat(40)}`;
  const event: AgentEvent = {
    type: 'tool_call_completed',
    data: { tool_call_id: 't1', tool_name: 'bash', tool_output: output },
  };
  const short: AgentEvent = {
    type: 'tool_call_completed',
    data: { tool_call_id: 't2', tool_name: 'bash', tool_output: 'ok' },
  };
  const { sessions, registry, manager } = bed(artifacts, [event, short], { toolOutputCharacters: 103 });
  const { run } = await manager.runOnce('go', { session: { id: 's' } });
  const [long, brief] = await sessions.getEvents('s', { type: 'tool_call_completed' });
  const whole = text((await registry.of('s').get(`${run.id}/tools/t1.txt`)).bytes);
  expect(whole).toBe(output.replace('password: hunter2', '[REDACTED]'));
  expect(long?.data['tool_output']).toBe(whole.slice(0, 103).toWellFormed());
  expect(long?.data['tool_output_artifact']).toMatchObject({ key: `s/${run.id}/tools/t1.txt` });
  expect(brief?.data).toEqual({ tool_call_id: 't2', tool_name: 'bash', tool_output: 'ok' });
});

test('an artifact that cannot be kept loses neither its event nor its run, and is counted', async () => {
  const broken: ArtifactStore = {
    ...artifacts,
    put: async () => {
      throw artifactStorageFailed({
        location: 'memory:',
        operation: 'put',
        reason: 'full',
        problem: 'the disk is full',
      });
    },
  };
  const long: AgentEvent = {
    type: 'tool_call_completed',
    data: { tool_call_id: 't', tool_name: 'x', tool_output: 'long output' },
  };
  const { sessions, manager } = bed(broken, [handed('a', 'x'), long], { toolOutputCharacters: 4 });
  const result = await manager.runOnce('go', { session: { id: 's' } });
  expect([result.run.status, result.persistenceFailures]).toEqual(['completed', 2]);
  const [message] = await sessions.getEvents('s', { type: 'message_received' });
  expect(message?.data['artifacts']).toMatchObject([
    { name: 'a', kept: false, error: { code: 'storage_error' } },
  ]);
  const [tool] = await sessions.getEvents('s', { type: 'tool_call_completed' });
  expect(tool?.data['tool_output']).toBe('long output');
});

test('a manager without a registry says of a file that it was not kept', async () => {
  const { sessions, manager } = bed(artifacts, [handed('a', 'x')], { hasRegistry: false });
  await manager.runOnce('go', { session: { id: 's' } });
  const [message] = await sessions.getEvents('s', { type: 'message_received' });
  expect(message?.data['artifacts']).toEqual([{ name: 'a', kept: false }]);
  expect((await artifacts.list()).artifacts).toEqual([]);
});
