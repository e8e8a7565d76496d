/** The cases of what an agent says of itself: its name, what it can do, and which settings it takes. */
import { capabilityTypes, isSessionError, patientAgent, ValidationError } from '../../sessions/index.ts';
import { expectEqual, expectRefusal, expectTrue } from '../expect.ts';
import { type PortCase, portCases } from '../ports/port-case.ts';
import { type AgentPlace, begin, failedWith } from './agent-place.ts';

export const identityCases: readonly PortCase<AgentPlace>[] = portCases<AgentPlace>('identity', {
  'name-is-text': {
    properties: [94],
    why: 'Runs and events keep the name as their provider: without one nobody knows whose they are.',
    async run({ place: { agent } }) {
      expectEqual(typeof agent.name, 'string', 'the type of the name');
      expectTrue(agent.name.trim() !== '' && agent.name.length <= 256, 'a name of 1 to 256 characters');
    },
  },
  'capabilities-have-types': {
    properties: [95],
    why: 'A router chooses by type: a capability of an unknown one is never found, and its agent never chosen.',
    async run({ place: { agent } }) {
      const names: string[] = [];
      for (const { name, type, enabled } of await agent.capabilities()) {
        expectTrue(typeof name === 'string' && name !== '', 'a capability has a name');
        expectTrue(
          capabilityTypes.includes(type),
          `capability '${name}' is of type '${type}', which there is not`,
        );
        expectEqual(typeof enabled, 'boolean', `whether '${name}' is switched on`);
        names.push(name);
      }
      expectEqual(new Set(names).size, names.length, 'each capability has a name of its own');
    },
  },
  'capabilities-say-what-failed': {
    properties: [96],
    why: 'A capability that cannot be asked for is not one that is missing: whoever chooses must be told.',
    async run({ place: { agent, away }, sleep, newCanceller }) {
      const answer = await away.capabilities().catch((error: unknown) => error);
      expectTrue(
        Array.isArray(answer) || isSessionError(answer),
        'an agent whose program is not there answers with its capabilities, or rejects with a code',
      );
      const broken = { ...agent, capabilities: () => Promise.reject(new Error('the lookup broke')) };
      const error = await patientAgent(broken, { sleep, newCanceller })
        .capabilities()
        .catch((reason: unknown) => reason);
      expectTrue(isSessionError(error), 'a failure of the lookup comes through, with a code');
    },
  },
  'settings-are-looked-at': {
    properties: [101],
    why: 'A setting that is mistyped and silently ignored runs the agent with rights that nobody gave it.',
    async run({ place: { agent, settings, works }, mint }) {
      await agent.validateConfig({});
      await agent.validateConfig(settings.taken);
      await expectRefusal(
        agent.validateConfig(settings.refused),
        ValidationError,
        'settings that it refuses',
      );
      const run = begin(agent, { input: works.input, settings: settings.refused }, mint);
      failedWith(await run.ended, 'a run with settings that are refused', ['validation_error']);
      expectEqual(run.told, [], 'what a run told whose settings were refused');
    },
  },
});
