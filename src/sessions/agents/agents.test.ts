import { describe, expect, it } from 'vitest';
import { newExecution } from '../model/execution.ts';
import { countingMint } from '../model/mint.ts';
import { newSession } from '../model/session.ts';
import { agentTimeoutMs } from './agent-timeout.ts';
import { patientAgent } from './patient-agent.ts';
import type { AgentAdapter, AgentEvent } from './port.ts';
import { providerFailure } from './provider-failure.ts';
import { scriptedAgent, type ScriptedAgentOptions } from './scripted-agent.ts';

const mint = countingMint(0);
const session = newSession({ agentId: 'a' }, mint);
const run = newExecution({ sessionId: session.id, input: 'hi' }, mint);
const newCanceller = () => new AbortController();
const said: AgentEvent = { type: 'message_received', data: { content: 'hi', role: 'assistant' } };

/** Time that is over as soon as it is asked for, as often as it is let. */
function platformOf(late: (delayMs: number) => boolean) {
  const asked: number[] = [];
  const sleep = async (delayMs: number): Promise<void> => {
    asked.push(delayMs);
    if (!late(delayMs)) await new Promise(() => {});
  };
  return { asked, platform: { sleep, newCanceller } };
}

const agent = (play: ScriptedAgentOptions['play']): AgentAdapter => scriptedAgent({ newCanceller, play });

describe('the time of an agent', () => {
  it.each([
    [1500, 1500],
    ['2500', 2500],
    ['unbounded', 604_800_000],
    ['infinity', 604_800_000],
    [10 ** 12, 604_800_000],
    [0, 60_000],
    [-5, 60_000],
    [1.5, 60_000],
    ['soon', 60_000],
    [undefined, 60_000],
  ])('%s is %d ms', (given, expected) => {
    expect(agentTimeoutMs(given)).toBe(expected);
  });
});

describe('the failure of a provider', () => {
  it('has the first line of the error output for a message when nobody says more', () => {
    expect(
      providerFailure({ provider: 'claude', kind: 'transport_exit', exitCode: 2, stderr: 'no\nway' }),
    ).toEqual({
      provider: 'claude',
      kind: 'transport_exit',
      message: 'no',
      exit_code: 2,
      stderr: 'no\nway',
    });
  });

  it('has a plain sentence when there is nothing at all', () => {
    expect(providerFailure({ provider: 'x', kind: 'unknown' })).toMatchObject({
      message: 'Provider execution failed',
      stderr: null,
    });
  });

  it('keeps 200 lines', () => {
    const failure = providerFailure({ provider: 'x', kind: 'unknown', stderr: 'a\n'.repeat(300) });
    expect(failure).toMatchObject({ stderr: 'a\n'.repeat(200).trimEnd(), truncated: true });
  });

  it('keeps 16,384 bytes and cuts no character in two', () => {
    const failure = providerFailure({ provider: 'x', kind: 'unknown', stderr: `a${'€'.repeat(6000)}` });
    expect(failure).toMatchObject({ stderr: `a${'€'.repeat(5461)}`, truncated: true });
  });

  it('says that it was cut when whoever collected it says so', () => {
    expect(
      providerFailure({ provider: 'x', kind: 'unknown', stderr: 'a', isTruncated: true })['truncated'],
    ).toBe(true);
  });
});

describe('an agent that is watched', () => {
  it('hands on what it tells and what comes of it', async () => {
    const { platform } = platformOf(() => false);
    const told: AgentEvent[] = [];
    const watched = patientAgent(
      agent(async ({ tell }) => {
        await tell(said);
        return { output: { content: 'hi' } };
      }),
      platform,
    );
    const result = await watched.execute(run, session, { onEvent: (event) => void told.push(event) });
    expect([told, result.output]).toEqual([[said], { content: 'hi' }]);
  });

  it('gets 5 s beyond its time, and then is given up', async () => {
    const { platform, asked } = platformOf((delayMs) => delayMs === 6000);
    const watched = patientAgent(
      { ...agent(async () => ({})), execute: () => new Promise(() => {}) },
      platform,
    );
    await expect(watched.execute(run, session, { onEvent: () => {}, timeoutMs: 1000 })).rejects.toMatchObject(
      { code: 'provider_timeout', context: { operation: 'execute' } },
    );
    expect(asked).toEqual([6000]);
  });

  it('gets that for each of its attempts', async () => {
    const { platform, asked } = platformOf(() => true);
    const deaf = { ...agent(async () => ({})), attempts: 2, execute: () => new Promise<never>(() => {}) };
    const watched = patientAgent(deaf, platform);
    await expect(watched.execute(run, session, { onEvent: () => {}, timeoutMs: 1000 })).rejects.toThrow();
    expect(asked).toEqual([12_000]);
  });

  it('is told to stop when it is given up', async () => {
    const { platform } = platformOf(() => true);
    const stopped = Promise.withResolvers<void>();
    const deaf: AgentAdapter = {
      ...agent(async () => ({})),
      execute: (_run, _session, { signal }) => {
        signal?.addEventListener('abort', () => stopped.resolve());
        return new Promise(() => {});
      },
    };
    const watched = patientAgent(deaf, platform);
    await expect(watched.execute(run, session, { onEvent: () => {} })).rejects.toThrow('in time');
    await stopped.promise;
  });

  it('cannot tell anything after its end', async () => {
    const { platform } = platformOf(() => false);
    let tellLater = (): unknown => undefined;
    const chatty: AgentAdapter = {
      ...agent(async () => ({})),
      execute: async (_run, _session, { onEvent }) => {
        tellLater = () => onEvent(said);
        throw new Error('died');
      },
    };
    const told: AgentEvent[] = [];
    const watched = patientAgent(chatty, platform);
    await expect(
      watched.execute(run, session, { onEvent: (event) => void told.push(event) }),
    ).rejects.toMatchObject({ code: 'provider_error', context: { exit_reason: 'died' } });
    expect(tellLater).toThrow('takes no more events');
    expect(told).toEqual([]);
  });

  it('has 5 s to cancel', async () => {
    const { platform, asked } = platformOf(() => true);
    const watched = patientAgent(
      { ...agent(async () => ({})), cancel: () => new Promise(() => {}) },
      platform,
    );
    await expect(watched.cancel('run_1')).rejects.toMatchObject({ code: 'provider_timeout' });
    expect(asked).toEqual([5000]);
  });

  it('ends what was left, where the adapter can', async () => {
    const { platform } = platformOf(() => false);
    const plain = agent(async () => ({}));
    expect(Object.keys(patientAgent(plain, platform))).not.toContain('endLeftovers');
    const able = { ...plain, endLeftovers: async (runId: string) => runId.length };
    expect(await patientAgent(able, platform).endLeftovers?.('run_1')).toBe(5);
  });

  it('keeps the code that the adapter gives', async () => {
    const { platform } = platformOf(() => false);
    const watched = patientAgent(
      agent(async () => ({})),
      platform,
    );
    await expect(watched.cancel('run_9')).rejects.toMatchObject({ code: 'run_not_found' });
  });
});

describe('an agent that follows a script', () => {
  it('ends as cancelled, also when the script takes no notice', async () => {
    const playing = agent(() => new Promise(() => {}));
    const ended = playing.execute(run, session, { onEvent: () => {} });
    await Promise.all([expect(ended).rejects.toMatchObject({ code: 'cancelled' }), playing.cancel(run.id)]);
    await expect(playing.cancel(run.id)).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('ends when it is closed', async () => {
    const playing = agent(() => new Promise(() => {}));
    const ended = playing.execute(run, session, { onEvent: () => {} });
    await Promise.all([expect(ended).rejects.toMatchObject({ code: 'cancelled' }), playing.close()]);
  });

  it('is not begun when it is cancelled already', async () => {
    const told: AgentEvent[] = [];
    const signal = AbortSignal.abort();
    const playing = agent(async ({ tell }) => {
      await tell(said);
      return {};
    });
    await expect(
      playing.execute(run, session, { onEvent: (event) => void told.push(event), signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(told).toEqual([]);
  });
});
