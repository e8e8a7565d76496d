// The kits of the other ports bite: each wrong implementation fails at the case that is named for it. And their cases are in order.
import { nodePlatform } from 'runlog';
import { describe, expect, test } from 'vitest';
import {
  agentCases,
  allSessionCases,
  artifactStoreCases,
  maintenanceCases,
  queryCases,
  runPortCase,
} from '../../../src/conformance/index.ts';
import { wrongPorts } from './wrong-ports.ts';

test.each(wrongPorts)('$name is caught by $caughtBy', async ({ run }) => {
  const verdict = await run((portCase, maker) => runPortCase(portCase, maker, nodePlatform)).catch(
    (error: unknown) => error,
  );
  expect(verdict).toBeInstanceOf(Error);
  // That would be a mistake in the wrong implementation, not one that the case has found.
  expect(verdict).not.toBeInstanceOf(TypeError);
});

const kits = { agentCases, artifactStoreCases, maintenanceCases, queryCases };

describe.each(Object.entries(kits))('%s', (_name, cases) => {
  test('every case has an id of its own, made of its group and a name', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const { id, group } of cases) expect(id).toMatch(new RegExp(`^${group}/[a-z0-9-]+$`));
  });
});

test('all 104 properties of the session specification have a case', () => {
  const all = [allSessionCases, ...Object.values(kits)].flat();
  const properties = new Set(all.flatMap((each) => each.properties));
  expect(Array.from({ length: 104 }, (_, index) => index + 1).filter((n) => !properties.has(n))).toEqual([]);
});
