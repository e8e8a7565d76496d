/** The cases of how a run is stopped: by name, by its caller, by its time, and with the agent as a whole. */
import {
  type AgentCall,
  executeGraceMs,
  longestTimeoutMs,
  patientAgent,
  SessionRunNotFoundError,
} from '../../sessions/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import { type PortCase, portCases } from '../ports/port-case.ts';
import { type AgentPlace, begin, doneBy, failedWith } from './agent-place.ts';

const shortMs = 300;
/** How long is listened for what must not come. */
const quietMs = 30;
const late: readonly string[] = ['provider_timeout', 'command_timeout'];
const gone: readonly string[] = ['provider_unavailable', 'command_not_found', 'dependency_not_available'];

export const endCases: readonly PortCase<AgentPlace>[] = portCases<AgentPlace>('end', {
  'cancel-stops-a-run': {
    properties: [100],
    why: 'Whoever cancels does so because something goes wrong: it must be over when the call is.',
    async run({ place: { agent, lasts }, mint, sleep }) {
      const followed = begin(agent, lasts, mint);
      await followed.begun;
      await agent.cancel(followed.run.id);
      failedWith(await followed.ended, 'a run that was cancelled', ['cancelled']);
      const { length } = followed.told;
      await sleep(quietMs);
      expectEqual(followed.told.length, length, 'events that were told when the run had ended');
      await expectRefusal(agent.cancel(followed.run.id), SessionRunNotFoundError, 'to cancel it again');
    },
  },
  'cancel-of-an-unknown-run': {
    properties: [100],
    why: 'A mistyped id that seems to be cancelled is a run that goes on.',
    async run({ place: { agent } }) {
      await expectRefusal(agent.cancel('run_nobody'), SessionRunNotFoundError, 'to cancel an unknown run');
    },
  },
  'cancel-stops-that-run-alone': {
    properties: [100],
    why: 'The runs of two people must not end together.',
    async run({ place: { agent, lasts }, mint, sleep }) {
      const [first, second] = [begin(agent, lasts, mint), begin(agent, lasts, mint)];
      await Promise.all([first.begun, second.begun]);
      await agent.cancel(first.run.id);
      failedWith(await first.ended, 'the run that was cancelled', ['cancelled']);
      const other = await Promise.race([second.ended, sleep(quietMs).then(() => null)]);
      expectEqual(other, null, 'how the other run ended');
      await agent.cancel(second.run.id);
      failedWith(await second.ended, 'the other run', ['cancelled']);
    },
  },
  'signal-stops-a-run': {
    properties: [100],
    why: 'A manager stops its runs by their signal: an agent that is deaf to it outlives the program.',
    async run({ place: { agent, lasts, works }, mint, newCanceller }) {
      const canceller = newCanceller();
      const followed = begin(agent, lasts, mint, { signal: canceller.signal });
      await followed.begun;
      canceller.abort();
      failedWith(await followed.ended, 'a run whose signal was given', ['cancelled']);
      const never = begin(agent, works, mint, { signal: canceller.signal });
      failedWith(await never.ended, 'a run whose signal was given before it began', ['cancelled']);
      expectEqual(never.told, [], 'what it told');
    },
  },
  'close-stops-everything': {
    why: 'A program that ends must not leave agents behind that nobody can stop any more.',
    async run({ place: { agent, lasts }, mint }) {
      const runs = [begin(agent, lasts, mint), begin(agent, lasts, mint)];
      await Promise.all(runs.map(({ begun }) => begun));
      await agent.close();
      for (const { ended } of runs)
        failedWith(await ended, 'a run of an agent that was closed', ['cancelled']);
      await agent.close();
    },
  },
  'time-is-up': {
    properties: [103],
    why: 'An agent that hangs holds its session, and the next run waits for ever.',
    async run({ place: { agent, lasts }, mint, sleep }) {
      const followed = begin(agent, lasts, mint, { timeoutMs: shortMs });
      failedWith(await followed.ended, `a run that had ${shortMs} ms`, late);
      const { length } = followed.told;
      await sleep(quietMs);
      expectEqual(followed.told.length, length, 'events that were told when the run had ended');
      await expectRefusal(agent.cancel(followed.run.id), SessionRunNotFoundError, 'to cancel it afterwards');
    },
  },
  'nobody-there': {
    properties: [102],
    why: 'That there is no agent is the one failure that another agent can make good at once.',
    async run({ place: { away, works }, mint, sleep, newCanceller }) {
      const followed = begin(patientAgent(away, { sleep, newCanceller }), works, mint);
      failedWith(await followed.ended, 'a run of an agent that is not there', gone);
    },
  },
  'deaf-agent-is-given-up': {
    properties: [103],
    why: 'Whoever calls gets an end within the time, whatever the agent does.',
    async run({ place: { agent, works }, mint, newCanceller }) {
      const deaf = { ...agent, execute: () => new Promise<never>(() => undefined) };
      const followed = begin(patientAgent(deaf, { sleep: async () => undefined, newCanceller }), works, mint);
      failedWith(await followed.ended, 'a run that never ends by itself', ['provider_timeout']);
    },
  },
  'longest-time-and-grace': {
    properties: [104],
    why: 'A time that a timer cannot hold is over at once: a run without a limit would end before it began.',
    async run({ place: { agent, works }, mint, newCanceller }) {
      for (const timeoutMs of [longestTimeoutMs, longestTimeoutMs * 3, Infinity]) {
        const waits: number[] = [];
        const handed: (number | undefined)[] = [];
        const execute: typeof agent.execute = (run, session, call: AgentCall) => {
          handed.push(call.timeoutMs);
          return agent.execute(run, session, call);
        };
        const never = (ms: number): Promise<void> => {
          waits.push(ms);
          return new Promise(() => undefined);
        };
        const watched = patientAgent({ ...agent, execute }, { sleep: never, newCanceller });
        doneBy(await begin(watched, works, mint, { timeoutMs }).ended, `a run that has ${timeoutMs} ms`);
        expectEqual(handed, [longestTimeoutMs], 'the time that the agent was given: seven days');
        expectTrue(
          waits.every((ms) => ms === (longestTimeoutMs + executeGraceMs) * (agent.attempts ?? 1)),
          'what was waited for: its time and 5 s',
        );
      }
    },
  },
});
