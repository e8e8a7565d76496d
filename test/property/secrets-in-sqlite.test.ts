/** Proves on the bytes of a SQLite file that no secret in any field of any type of event is stored. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSessionStore, sha256 } from 'runlog';
import { countingMint, EventPipeline, sessionEventTypes } from 'runlog/sessions';
import { manualTime } from '../harness/manual-time.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The fields of the canonical payloads, and one that nobody knows. */
const fields = (
  'provider error_code error_message provider_error details role content model session_id thread_id tools cwd command ' +
  'delta tool_call_id tool_name tool_input tool_output input_tokens output_tokens stop_reason token_usage status reason ' +
  'label backend ref files_changed policy kind action policy_name violation_kind routed_provider failover_reason unknown_field'
).split(' ');

let made = 0;

/** A token of its own for each place, so that one that stays is named. */
function plant(): string {
  made += 1;
  return `glpat-PLANTED${String(made).padStart(20, '0')}`;
}

test('no secret in any field of any type of event is in the file', async () => {
  const store = await openSessionStore(join(folder, 'sessions.db'));
  const pipeline = new EventPipeline({
    store,
    mint: countingMint(),
    sha256,
    platform: manualTime(),
    coalescing: {},
  });
  for (const type of [...sessionEventTypes, `odd ${plant()}`]) {
    const data = Object.fromEntries(
      fields.map((field, index) => [
        field,
        index % 3 === 0 ? { [plant()]: [`see ${plant()}`] } : index % 3 === 1 ? plant() : [[plant()]],
      ]),
    );
    const raw = { type, id: plant(), timestamp: plant(), metadata: { [plant()]: plant() }, data };
    const context = { sessionId: 's', runId: 'r', provider: plant(), correlationId: plant() };
    await pipeline.process(raw, context);
    await pipeline.process({ ...raw, id: null, data: { ...data, password: `visible${plant()}` } }, context);
    const secret = plant();
    for (const text of ['WITNESS ', secret.slice(0, 9), secret.slice(9), ' END']) {
      await pipeline.process({ type: 'message_streamed', data: { content: text, delta: text } }, context);
    }
  }
  await pipeline.close();
  // While the store is open what was written last stands in the write-ahead log alone.
  await expectNoSecret(['sessions.db', 'sessions.db-wal']);
  await store.close();
  await expectNoSecret(['sessions.db']);
  expect(made).toBeGreaterThan(1000);
});

/** Looks at every byte of every file; these have to be among them. */
async function expectNoSecret(named: readonly string[]): Promise<void> {
  const files = await readdir(folder);
  expect(files).toEqual(expect.arrayContaining([...named]));
  const bytes = Buffer.concat(await Promise.all(files.map((file) => readFile(join(folder, file)))));
  expect(bytes.includes('WITNESS ')).toBe(true);
  expect(bytes.toString('latin1').match(/PLANTED\d{20}/g)).toBeNull();
}
