// Every agent of the package keeps every promise of the port of agents.
import { nodePlatform } from 'runlog';
import { describe, test } from 'vitest';
import { agentCases, runPortCase } from '../../../src/conformance/index.ts';
import { claudePlaces, scriptedPlaces, shellPlaces } from './agent-places.ts';

describe.each([scriptedPlaces, shellPlaces, claudePlaces])('$name', (maker) => {
  test.each(agentCases)('$id', async (agentCase) => {
    await runPortCase(agentCase, maker, nodePlatform);
  });
});
