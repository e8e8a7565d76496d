// The telemetry of sessions (3.6): each event where it really happens, through one hook, and what it becomes in metrics and lines.
import { readFileSync } from 'node:fs';
import { maintenanceRef, nodePlatform, openStore, sessionTelemetry } from 'runlog';
import { sessionMetrics } from 'runlog/base';
import {
  type OnTelemetry,
  routedAgent,
  scriptedAgent,
  sessionError,
  sessionMaintenance,
  SessionServer,
  type TelemetryEvent,
} from 'runlog/sessions';
import { describe, expect, it } from 'vitest';
import { lineLogger } from '../../../src/adapters/logs/lines/index.ts';
import { recordedMetrics } from '../../harness/observe/recorded-metrics.ts';
import { newCanceller, type Play, sayHello, sessionBed } from '../../harness/session-bed.ts';

const secret = 'sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA';

const failing: Play = async ({ tell }) => {
  await tell({
    type: 'tool_call_started',
    data: { tool_name: 'bash', tool_input: { command: `echo ${secret}` } },
  });
  throw sessionError('provider_error', `refused with ${secret}`);
};

function heard(): { readonly events: TelemetryEvent[]; readonly onTelemetry: OnTelemetry } {
  const events: TelemetryEvent[] = [];
  return { events, onTelemetry: (event) => void events.push(event) };
}

const names = (events: readonly TelemetryEvent[]): string[] => events.map(({ name }) => name);

describe('a run of an agent', () => {
  it('tells of its begin, of each event of the agent and of each that is stored, and of its end', async () => {
    const { events, onTelemetry } = heard();
    const manager = sessionBed().manager(sayHello, { onTelemetry });
    await manager.runOnce('hi');
    const told = names(events);
    expect(told[0]).toBe('run.start');
    expect(told.slice(-2)).toEqual(['run.stop', 'usage.report']);
    expect(told.filter((name) => name.startsWith('adapter.'))).toEqual([
      'adapter.run_started',
      'adapter.message_streamed',
      'adapter.message_streamed',
      'adapter.tool_call_started',
      'adapter.tool_call_completed',
      'adapter.message_received',
      'adapter.token_usage_updated',
      'adapter.run_completed',
    ]);
    expect(told.filter((name) => name === 'persistence.event_persisted')).toHaveLength(7);
  });

  it('measures what was used and how long it took, and names run, session and agent', async () => {
    const { events, onTelemetry } = heard();
    const manager = sessionBed().manager(sayHello, { onTelemetry });
    const { run } = await manager.runOnce('hi');
    const stop = events.find(({ name }) => name === 'run.stop');
    expect(stop?.measurements).toMatchObject({ duration_ms: 0, input_tokens: 1000, output_tokens: 500 });
    expect(stop?.metadata).toEqual({
      run_id: run.id,
      session_id: run.sessionId,
      agent_id: 'claude',
      provider: 'claude',
      status: 'completed',
    });
    const used = events.find(({ name }) => name === 'adapter.token_usage_updated');
    expect(used?.measurements).toMatchObject({ input_tokens: 1000, output_tokens: 500 });
  });

  it('that fails tells of the failure, its code and its words, and of no secret anywhere', async () => {
    const { events, onTelemetry } = heard();
    const manager = sessionBed().manager(failing, { onTelemetry });
    await manager.runOnce('hi').catch(() => undefined);
    const failure = events.find(({ name }) => name === 'run.exception');
    expect(failure?.metadata).toMatchObject({ status: 'failed', error_code: 'provider_error' });
    expect(failure?.metadata['error_message']).toContain('refused with [REDACTED]');
    expect(names(events)).toContain('persistence.event_redacted');
    expect(JSON.stringify(events)).not.toContain('sk-ant');
  });

  it('goes on when the hook throws', async () => {
    const onTelemetry = (): never => {
      throw new Error('no');
    };
    const manager = sessionBed().manager(sayHello, { onTelemetry });
    expect((await manager.runOnce('hi')).run.status).toBe('completed');
  });

  it('tells of what the pipeline refuses, and of what looks odd', async () => {
    const { events, onTelemetry } = heard();
    const odd: Play = async ({ tell }) => {
      await tell({ type: 'message_received', data: { content: 7 } });
      return {};
    };
    await sessionBed().manager(odd, { onTelemetry }).runOnce('hi');
    await refuseAnEvent(onTelemetry);
    const warned = events.find(({ name }) => name === 'persistence.event_validation_warning');
    expect(warned?.measurements['warning_count']).toBe(2);
    expect(names(events)).toContain('persistence.event_rejected');
  });
});

/** Two runs wait behind one; the first and one that waits are cancelled, a follower comes and goes. */
async function serve(onTelemetry: OnTelemetry | null): Promise<void> {
  const bed = sessionBed();
  const waiting: Play = async ({ signal }) => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    throw sessionError('cancelled', 'stopped');
  };
  const manager = bed.manager(waiting, { onTelemetry });
  const { id: sessionId } = await manager.startSession();
  const server = await SessionServer.open({
    manager,
    store: bed.store,
    platform: nodePlatform,
    sessionId,
    onTelemetry,
  });
  const follower = server.subscribe();
  const [first, second] = [await server.submitRun('one'), await server.submitRun('two')];
  await server.cancelRun(second);
  await server.cancelRun(first);
  await server.awaitRun(first).catch(() => undefined);
  follower.close();
  await server.close();
}

describe('a session server', () => {
  it('tells of its begin, its queue, its runs, its followers and its cancels', async () => {
    const { events, onTelemetry } = heard();
    await serve(onTelemetry);
    const told = events.filter(({ name }) => name.startsWith('runtime.session_server.'));
    const short = told.map(({ name, measurements }) => {
      const { queue_length: length = measurements['count'] } = measurements;
      return `${name.replace('runtime.session_server.', '')}${length === undefined ? '' : ` ${length}`}`;
    });
    expect(short.toSorted()).toEqual(
      [
        'start',
        'subscribe 1',
        'queue.enqueue 1',
        'queue.dequeue 0',
        'run.start',
        'queue.enqueue 1',
        'queue.dequeue 0',
        'cancel.queued',
        'run.stop',
        'cancel.active',
        'unsubscribe 0',
      ].toSorted(),
    );
  });

  it('tells of a cancel that came too late', async () => {
    const { events, onTelemetry } = heard();
    const bed = sessionBed();
    const manager = bed.manager(sayHello);
    const { id: sessionId } = await manager.startSession();
    const server = await SessionServer.open({
      manager,
      store: bed.store,
      platform: nodePlatform,
      sessionId,
      onTelemetry,
    });
    const { run } = await server.executeRun('hi');
    await server.cancelRun(run.id).catch(() => undefined);
    await server.close();
    const failed = events.find(({ name }) => name === 'runtime.session_server.cancel.failed');
    expect(failed?.metadata).toEqual({
      session_id: sessionId,
      run_id: run.id,
      error_code: 'invalid_transition',
    });
  });
});

it('the page of telemetry lists every event that is told', async () => {
  const { events, onTelemetry } = heard();
  await serve(onTelemetry);
  await sessionBed().manager(sayHello, { onTelemetry }).runOnce('hi');
  await sessionBed()
    .manager(failing, { onTelemetry })
    .runOnce('hi')
    .catch(() => undefined);
  await refuseAnEvent(onTelemetry);
  await routeAndMaintain(onTelemetry);
  const page = readFileSync('docs/reference/session-telemetry.md', 'utf8');
  const listed = Array.from(page.matchAll(/^\| `([\w.]+)` \|/gm), ([, name = '']) => name);
  const told = new Set(names(events).map((name) => name.replace(/^adapter\..+/, 'adapter.TYPE')));
  expect([...told].filter((name) => !listed.includes(name))).toEqual([]);
  // What takes a spool, an odd event or a late cancel is told in tests of its own.
  const elsewhere = ['event_spooled', 'event_validation_warning', 'cancel.failed'];
  expect(listed.filter((name) => !told.has(name) && !elsewhere.some((end) => name.endsWith(end)))).toEqual(
    [],
  );
});

describe('with the backends of runs', () => {
  it('every metric of sessions moves, and none carries the id of a run', async () => {
    const metrics = recordedMetrics();
    const onTelemetry = sessionTelemetry({ metrics });
    await serve(onTelemetry);
    await sessionBed().manager(sayHello, { onTelemetry }).runOnce('hi');
    await sessionBed()
      .manager(failing, { onTelemetry })
      .runOnce('hi')
      .catch(() => undefined);
    await refuseAnEvent(onTelemetry);
    await routeAndMaintain(onTelemetry);
    const moved = new Set(metrics.calls.map(({ name }) => name));
    expect([...moved].toSorted()).toEqual(Object.keys(sessionMetrics).toSorted());
    expect(metrics.calls.filter(({ tags }) => 'run_id' in tags)).toEqual([]);
  });

  it('lines tell of begin and end, in the name of sessions', async () => {
    const lines: string[] = [];
    const logger = lineLogger({ level: 'info', json: true, stream: { write: (text) => lines.push(text) } });
    const onTelemetry = sessionTelemetry({ logger });
    await sessionBed().manager(sayHello, { onTelemetry }).runOnce('hi');
    await sessionBed()
      .manager(failing, { onTelemetry })
      .runOnce('hi')
      .catch(() => undefined);
    const said = lines.map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
    expect(said.map(({ level, logger: name, message }) => [level, name, message])).toEqual([
      ['INFO', 'runlog.sessions', 'run of an agent started'],
      ['INFO', 'runlog.sessions', 'run of an agent completed'],
      ['INFO', 'runlog.sessions', 'run of an agent started'],
      ['WARNING', 'runlog.sessions', 'run of an agent ended: failed'],
    ]);
    expect(lines.join('')).not.toContain('sk-ant');
  });

  it('every line is on the page of log fields, with its level and its fields, and the page has no others', async () => {
    const lines: string[] = [];
    const logger = lineLogger({ level: 'debug', json: true, stream: { write: (text) => lines.push(text) } });
    const onTelemetry = sessionTelemetry({ logger });
    const patient: Play = async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      return {};
    };
    await sessionBed().manager(sayHello, { onTelemetry }).runOnce('hi');
    await sessionBed()
      .manager(failing, { onTelemetry })
      .runOnce('hi')
      .catch(() => undefined);
    await sessionBed()
      .manager(patient, { onTelemetry })
      .runOnce('hi', { deadlineMs: 1 })
      .catch(() => undefined);
    await serve(onTelemetry);
    await refuseAnEvent(onTelemetry);
    await routeAndMaintain(onTelemetry);
    const told = lines.map((line) => {
      const {
        timestamp: _timestamp,
        level,
        logger: name,
        message,
        ...facts
      } = JSON.parse(line) as Readonly<Record<string, string>>;
      return [level, name, message, Object.keys(facts).join(', ')].join(' | ');
    });
    const page = readFileSync('docs/reference/log-fields.md', 'utf8').split(/^## /m);
    const section = page.find((text) => text.startsWith('Lines of sessions\n')) ?? '';
    const rows = Array.from(section.matchAll(/^\| ((?:[A-Z]+) \| .+) \|$/gm), ([, row = '']) =>
      row.replaceAll('`', ''),
    );
    // The cost is there when it is known.
    const plain = (line: string): string => line.replace(', cost_usd', '');
    expect([...new Set(told.map(plain))].toSorted()).toEqual(rows.map(plain).toSorted());
  });

  it('nobody listens when nothing was asked for', () => {
    expect(sessionTelemetry()).toBeNull();
  });
});

const away: Play = async () => {
  throw sessionError('provider_unavailable', `away with ${secret}`);
};

/** An agent that fails, and another one that does not, behind one router; and sessions of one store that are maintained. */
async function routeAndMaintain(onTelemetry: OnTelemetry | null): Promise<void> {
  const agents = [
    scriptedAgent({ name: 'claude', newCanceller, play: away }),
    scriptedAgent({ name: 'codex', newCanceller, play: sayHello }),
  ];
  const platform = { nowMs: nodePlatform.nowMs, sleep: nodePlatform.sleep, newCanceller };
  const agent = routedAgent({ agents, platform, prefer: ['claude', 'codex'], onTelemetry });
  const manager = sessionBed().manager(sayHello, { agent });
  await manager.runOnce('hi');
  await manager.close();
  const store = await openStore('memory:');
  await sessionMaintenance(maintenanceRef(store, { onTelemetry })).execute();
  await store.close();
}

describe('a router', () => {
  it('tells of each attempt, with whom, and how it ended', async () => {
    const { events, onTelemetry } = heard();
    await routeAndMaintain(onTelemetry);
    const told = events.filter(({ name }) => name.startsWith('router.'));
    expect(told.map(({ name, metadata }) => [name, metadata['adapter_id'], metadata['attempt']])).toEqual([
      ['router.attempt.start', 'claude', 1],
      ['router.attempt.exception', 'claude', 1],
      ['router.attempt.start', 'codex', 2],
      ['router.attempt.stop', 'codex', 2],
    ]);
    expect(told[1]?.metadata).toMatchObject({
      candidate_ids: ['claude', 'codex'],
      error_code: 'provider_unavailable',
    });
    expect(told[1]?.measurements['duration_ms']).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(told)).not.toContain('sk-ant');
  });
});

describe('maintenance', () => {
  it('tells of its end and what it did, and a dry run tells nothing', async () => {
    const { events, onTelemetry } = heard();
    const store = await openStore('memory:');
    const maintenance = sessionMaintenance(maintenanceRef(store, { onTelemetry }));
    await maintenance.dryRun();
    expect(events).toEqual([]);
    await maintenance.execute();
    expect(events).toMatchObject([
      {
        name: 'maintenance.complete',
        measurements: {
          sessions_soft_deleted: 0,
          sessions_hard_deleted: 0,
          events_pruned: 0,
          error_count: 0,
        },
        metadata: { status: 'completed' },
      },
    ]);
    await store.close();
  });
});

/** A text that no store takes. */
async function refuseAnEvent(onTelemetry: OnTelemetry | null): Promise<void> {
  const tooLong: Play = async ({ tell }) => {
    const content = 'x'.repeat(17 * 1024 * 1024);
    await tell({ type: 'message_received', data: { content, role: 'assistant' } });
    return {};
  };
  await sessionBed().manager(tooLong, { onTelemetry }).runOnce('hi');
}
