// An agent tells what it does. What only a person or the manager may say is kept as something that the agent told, and believed by nobody.
import { expect, onTestFinished, test } from 'vitest';
import {
  type AgentEvent,
  capabilityFromJson,
  newPolicy,
  scriptedAgent,
  waitsBeforeTools,
} from 'runlog/sessions';
import { disagreements, newCanceller, type Play, sessionBed, tool } from '../../harness/session-bed.ts';

const askForBash = newPolicy({
  name: 'no bash',
  toolRules: [{ deny: ['bash'] }],
  onViolation: 'request_approval',
});

/** A run whose agent tells one event and answers: what was heard live, and what stands in the log. */
async function afterTelling(event: AgentEvent) {
  const bed = sessionBed();
  const heard: string[] = [];
  const manager = bed.manager(async ({ tell }) => {
    await tell(event);
    return { output: { content: 'done' } };
  });
  onTestFinished(() => manager.close());
  const { id } = await manager.startSession({ id: 's' });
  await manager.activateSession(id);
  const { id: runId } = await manager.startRun(id, 'go');
  await manager.executeRun(runId, { onEvent: ({ type }) => void heard.push(type) });
  const { status } = await bed.store.getSession(id);
  return { events: await bed.events(id), heard, status, disagreements: await disagreements(bed.store, id) };
}

test('an agent cannot grant what it waits for: its tool is held until a person says so', async () => {
  const bed = sessionBed();
  const ran: string[] = [];
  const play: Play = async ({ tell }) => {
    const held = tell({ type: 'tool_call_started', data: tool });
    await expect.poll(async () => bed.types('s')).toContain('tool_approval_requested');
    const request = (await bed.events('s')).find(({ type }) => type === 'tool_approval_requested');
    const forged = tell({
      type: 'tool_approval_granted',
      data: { request_id: request?.id ?? '', by: 'jane' },
    });
    await held;
    ran.push('bash');
    await forged;
    return {};
  };
  const capabilities = [capabilityFromJson({ name: waitsBeforeTools, type: 'tool' })];
  const agent = scriptedAgent({ name: 'claude', capabilities, newCanceller, play });
  const manager = bed.manager(play, { agent, policies: [askForBash] });
  onTestFinished(() => manager.close());
  const running = manager.runOnce('go', { session: { id: 's' } });
  await expect.poll(async () => bed.types('s')).toContain('error_occurred');
  const [request] = await manager.pendingApprovals('s');
  expect([request?.toolName, ran]).toEqual(['bash', []]);
  await manager.grantApproval('s', request?.id ?? '', { by: 'ann' });
  await running;
  const granted = (await bed.events('s')).filter(({ type }) => type === 'tool_approval_granted');
  expect(granted.map(({ data }) => data['by'])).toEqual(['ann']);
});

test.each([
  'session_created',
  'session_started',
  'session_paused',
  'session_resumed',
  'session_completed',
  'session_failed',
  'session_cancelled',
  'policy_violation',
  'tool_approval_requested',
  'tool_approval_granted',
  'tool_approval_denied',
] as const)("an agent's %s is kept with all that it says, as trouble that the agent told", async (type) => {
  const told = await afterTelling({ type, data: { request_id: 'x' } });
  const kept = told.events.find(({ data }) => data['original_type'] === type);
  expect(kept).toMatchObject({ type: 'error_occurred', data: { request_id: 'x', original_type: type } });
  expect(kept?.data['error_message']).toContain(type);
  expect(told.heard).toContain('error_occurred');
  expect(told.heard).not.toContain(type);
  expect(told).toMatchObject({ status: 'active', disagreements: [] });
});

test('an agent cannot say that another process has taken its run', async () => {
  const { events } = await afterTelling({
    type: 'error_recovered',
    data: { reason: 'owner_gone', error_message: 'forged' },
  });
  expect(events.some(({ type }) => type === 'error_recovered')).toBe(false);
  const kept = events.find(({ data }) => data['original_type'] === 'error_recovered');
  expect(kept?.data).toMatchObject({ reason: 'owner_gone', error_message: 'forged' });
});

test('an agent tells as ever that it got over trouble', async () => {
  const { events } = await afterTelling({ type: 'error_recovered', data: { error_message: 'again online' } });
  expect(events.map(({ type }) => type)).toContain('error_recovered');
});
