import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { KitPlatform } from '../run-cases.ts';
import { type PortPlace, portCases } from './port-case.ts';
import { runPortCase } from './run-port-cases.ts';

it('two kits on one machine give no run the same id', async () => {
  const made: string[] = [];
  const cases = portCases<PortPlace>('ids', {
    'makes-two': {
      why: 'a case of this test',
      run: async ({ mint }) => void made.push(mint.id('run'), mint.id('run')),
    },
  });
  const kit = (id: string): KitPlatform => ({
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    sleep: async () => undefined,
    newCanceller: () => new AbortController(),
    newRunId: () => id,
  });
  const maker = { name: 'mine', make: async () => ({ destroy: async () => undefined }) };
  for (const each of cases) for (const id of ['first', 'second']) await runPortCase(each, maker, kit(id));
  expect(made).toHaveLength(4);
  expect(new Set(made).size).toBe(4);
  for (const id of made) expect(id).toMatch(/^run_[0-9a-f]{32}$/);
});
