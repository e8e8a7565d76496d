import { expect, it } from 'vitest';
import { importRuns } from './import-runs.ts';

it('gives free what it reads, however far that was', async () => {
  let isFree = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield new TextEncoder().encode('{"format":"runlog.events"}\n{}\n');
      yield new TextEncoder().encode('{}\n');
    } finally {
      isFree = true;
    }
  }
  const noStore = (): Promise<never> => Promise.reject(new Error('no store'));
  const options = { sha256: (text: string) => text, source: 'a.jsonl', location: 'memory:' };
  await expect(importRuns(chunks(), noStore, options)).rejects.toThrow('a.jsonl');
  expect(isFree).toBe(true);
});
