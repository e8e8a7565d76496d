/** The cases of a run: what comes of it, what it tells on the way, and in which order. */
import { isJsonObject, isUsd } from '../../base/index.ts';
import {
  type AgentEvent,
  EventBuilder,
  type EventContext,
  isSessionEventType,
  readTimestamp,
} from '../../sessions/index.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { type PortCase, portCases } from '../ports/port-case.ts';
import { type AgentPlace, begin, doneBy, failedWith, typesOf } from './agent-place.ts';

const endings: readonly string[] = ['run_completed', 'run_failed', 'run_cancelled', 'run_timeout'];

export const runCases: readonly PortCase<AgentPlace>[] = portCases<AgentPlace>('run', {
  'answers-with-its-result': {
    properties: [97],
    why: 'What a run said and used stands in its row: what is not in the result is in no bill.',
    async run({ place: { agent, works }, mint }) {
      const followed = begin(agent, works, mint);
      const result = doneBy(await followed.ended, 'a run that can do its work');
      expectTrue(isJsonObject(result.output), 'the output is a map');
      expectEqual(typeof result.output['content'], 'string', 'the type of the final text');
      expectTrue(isJsonObject(result.tokenUsage), 'what was used is a map');
      for (const [name, count] of Object.entries(result.tokenUsage))
        expectTrue(typeof count !== 'number' || count >= 0, `'${name}' of what was used is not below 0`);
      expectTrue(result.costUsd === null || isUsd(result.costUsd), 'the cost is decimal text');
      expectTrue(Number.isSafeInteger(result.turnCount) && result.turnCount >= 0, 'turns are counted');
      for (const name of ['model', 'providerSessionId'] as const)
        expectTrue(result[name] === null || typeof result[name] === 'string', `${name} is a text or null`);
      expectTrue(followed.told.length >= 2, 'the run told its beginning and its end');
    },
  },
  'begins-and-ends': {
    properties: [98],
    why: 'Who follows a run shows it as running from its first event, and as done from its last.',
    async run({ place: { agent, works }, mint }) {
      const followed = begin(agent, works, mint);
      doneBy(await followed.ended, 'a run that can do its work');
      const types = typesOf(followed);
      expectEqual(types[0], 'run_started', 'the first event');
      expectEqual(types.at(-1), 'run_completed', 'the last event');
      expectEqual(types.filter((type) => type === 'run_started').length, 1, 'beginnings');
      expectEqual(types.filter((type) => endings.includes(type)).length, 1, 'ends');
    },
  },
  'events-can-be-stored': {
    properties: [98],
    why: 'An event that the pipeline cannot read is stored as trouble, and what the agent said is lost.',
    async run({ place: { agent, works }, mint, sha256 }) {
      const followed = begin(agent, works, mint);
      doneBy(await followed.ended, 'a run that can do its work');
      const { id: runId, sessionId } = followed.run;
      const context: EventContext = { sessionId, runId, provider: agent.name };
      const builder = new EventBuilder({ mint, sha256, redactor: null });
      for (const event of followed.told) checkEvent(builder, event, context);
    },
  },
  'one-event-at-a-time': {
    properties: [98],
    why: 'A store that is slower than the agent would be read out of order, or fill the memory.',
    async run({ place: { agent, works }, mint, sleep }) {
      let taking = 0;
      let most = 0;
      const onEvent = async (): Promise<void> => {
        most = Math.max(most, ++taking);
        await sleep(5);
        taking -= 1;
      };
      const followed = begin(agent, works, mint, { onEvent });
      doneBy(await followed.ended, 'a run whose listener is slow');
      expectEqual(most, 1, 'events that were told at one time');
      expectEqual(taking, 0, 'events that were still being taken when the run had ended');
    },
  },
  'stops-when-an-event-is-refused': {
    properties: [98],
    why: 'An agent that goes on when its store is gone works, and costs, and nobody ever hears of it.',
    async run({ place: { agent, lasts }, mint }) {
      const refusal = new Error('the store is gone');
      const followed = begin(agent, lasts, mint, { onEvent: () => Promise.reject(refusal) });
      const { error } = await followed.ended;
      expectTrue(error === refusal, 'the run rejects with the error of its listener');
      expectEqual(followed.told.length, 1, 'events that were told');
    },
  },
  'failure-has-a-code': {
    properties: [99],
    why: 'Whether to try again, ask another agent or call a person is decided by the code.',
    async run({ place: { agent, fails }, mint }) {
      const followed = begin(agent, fails, mint);
      failedWith(await followed.ended, 'a run that cannot do its work');
      const types = typesOf(followed);
      expectEqual(types[0], 'run_started', 'the first event of a run that fails later');
      expectEqual(
        types.filter((type) => endings.includes(type)),
        [],
        'ends that were told: whoever called writes the end of a run that failed',
      );
    },
  },
  'works-after-a-failure': {
    properties: [99],
    why: 'One run that failed must not take the agent from all that come after it.',
    async run({ place: { agent, fails, works }, mint }) {
      failedWith(await begin(agent, fails, mint).ended, 'a run that cannot do its work');
      doneBy(await begin(agent, works, mint).ended, 'the run after it');
    },
  },
});

function checkEvent(builder: EventBuilder, event: AgentEvent, context: EventContext): void {
  const { type } = event;
  expectTrue(isSessionEventType(type), `'${type}' is a type of an event`);
  expectTrue(isJsonObject(event.data), `the data of '${type}' is a map`);
  if (event.timestamp !== undefined) readTimestamp(event.timestamp);
  const built = builder.build(event, context);
  expectEqual(built.warnings, [], `what is wrong with the shape of '${type}'`);
  const { sessionId, runId, provider } = built.event;
  expectEqual({ sessionId, runId, provider }, { ...context }, `where '${type}' belongs`);
  expectTrue(built.event.timestamp !== '', `'${type}' has a time`);
}
