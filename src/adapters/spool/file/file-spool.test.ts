/** Proves that events survive in a file, batch by batch, whatever a crash leaves of it, and that one process has it. */
import { appendFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  countingMint,
  newSessionEvent,
  type SessionEvent,
  type EventSpool,
} from '../../../sessions/index.ts';
import { openFileSpool } from './file-spool.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
  path = join(folder, 'events.spool');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function batch(count: number, text = 'hé\n"'): readonly SessionEvent[] {
  const mint = countingMint();
  return Array.from({ length: count }, (_, index) =>
    newSessionEvent(
      { type: 'message_sent', sessionId: 's', id: `${text}${index}`, data: { content: text.repeat(index) } },
      mint,
    ),
  );
}

async function drained(spool: EventSpool, limit = 2): Promise<readonly SessionEvent[]> {
  const events: SessionEvent[] = [];
  for (let page = await spool.read(limit); page !== null; page = await spool.read(limit)) {
    events.push(...page.events);
    await spool.removeTo(page.end);
  }
  return events;
}

test('what went in comes out in order, in another opening too', async () => {
  const first = await openFileSpool(path);
  await first.append(batch(3, 'a'));
  await first.append(batch(2, 'b'));
  expect(first.isEmpty).toBe(false);
  await first.close();
  const second = await openFileSpool(path);
  await second.append(batch(1, 'c'));
  expect(await drained(second)).toEqual([...batch(3, 'a'), ...batch(2, 'b'), ...batch(1, 'c')]);
  expect(second.isEmpty).toBe(true);
  expect((await readFile(path)).length).toBe(0);
  await second.append(batch(1, 'd'));
  expect(await drained(second)).toEqual(batch(1, 'd'));
  await second.close();
});

test('what was read and not removed comes again', async () => {
  const spool = await openFileSpool(path);
  await spool.append(batch(1));
  expect((await spool.read(10))?.events).toEqual(batch(1));
  expect((await spool.read(10))?.events).toEqual(batch(1));
  await spool.close();
});

test('a file that was cut off anywhere holds exactly the batches that were whole', async () => {
  const spool = await openFileSpool(path);
  const ends: number[] = [];
  for (const text of ['a', 'b\n', 'c']) {
    await spool.append(batch(2, text));
    ends.push((await readFile(path)).length);
  }
  await spool.close();
  const whole = await readFile(path);
  const cuts = [0, 1, 17, ...ends.flatMap((end) => [end - 30, end - 1, end, end + 1])];
  for (const length of cuts.filter((cut) => cut <= whole.length)) {
    await writeFile(path, whole.subarray(0, length));
    const again = await openFileSpool(path);
    expect(await drained(again)).toHaveLength(2 * ends.filter((end) => end <= length).length);
    await again.append(batch(1, 'z'));
    expect(await drained(again)).toEqual(batch(1, 'z'));
    await again.close();
  }
});

test('zeros behind the last line, as a loss of power leaves them, are cut off', async () => {
  const spool = await openFileSpool(path);
  await spool.append(batch(1));
  await spool.close();
  await appendFile(path, Buffer.alloc(5000));
  const again = await openFileSpool(path);
  expect(await drained(again)).toEqual(batch(1));
  await again.close();
});

test('a damaged line before a whole one is refused, and the file is left as it is', async () => {
  const spool = await openFileSpool(path);
  await spool.append(batch(1, 'a'));
  await spool.append(batch(1, 'b'));
  await spool.close();
  const bytes = await readFile(path);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await expect(openFileSpool(path)).rejects.toThrow(/is damaged at byte 0/);
  expect(await readFile(path)).toEqual(bytes);
  expect(await readdir(folder)).toEqual(['events.spool']);
});

test.each([
  ['notes of somebody', 'hello world\nfoo\n'],
  ['a line without an end', 'hello'],
  ['JSON of another program', '{"a":1}\n'],
])('a file with %s is no spool, and is left as it is', async (_, text) => {
  await writeFile(path, text);
  await expect(openFileSpool(path)).rejects.toMatchObject({ code: 'storage_read_failed' });
  expect(await readFile(path, 'utf8')).toBe(text);
  expect(await readdir(folder)).toEqual(['events.spool']);
});

test('no change of one bit in a file makes a kept event vanish unseen, or another one of it', async () => {
  const spool = await openFileSpool(path);
  await spool.append(batch(1, 'a'));
  await spool.append(batch(1, 'b'));
  await spool.close();
  const whole = await readFile(path);
  const ends = Array.from(whole).flatMap((byte, at) => (byte === 0x0a ? [at] : []));
  const places = [
    ...Array.from({ length: whole.length }, (_, at) => at).filter((at) => at % 9 === 0),
    ...ends,
  ];
  for (const at of places) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    // The line end of the last line is what a crash takes first: without it the line was never told to be kept.
    if (at === whole.length - 1) continue;
    await expect(openFileSpool(path), `byte ${at}`).rejects.toMatchObject({ code: 'storage_read_failed' });
    expect(await readFile(path)).toEqual(bytes);
  }
});

test('a last line of which a loss of power left zeros in the middle is cut off', async () => {
  const spool = await openFileSpool(path);
  await spool.append(batch(1, 'a'));
  const end = (await readFile(path)).length;
  await spool.append(batch(1, 'b'));
  await spool.close();
  const bytes = await readFile(path);
  await writeFile(path, bytes.fill(0, end + 20, end + 60));
  const again = await openFileSpool(path);
  expect(await drained(again)).toEqual(batch(1, 'a'));
  await again.close();
});

test('what is no file is refused', async () => {
  await expect(openFileSpool('/dev/zero')).rejects.toMatchObject({ code: 'storage_write_failed' });
});

test('a second opening is refused while the first one lives', async () => {
  const spool = await openFileSpool(path);
  await expect(openFileSpool(path)).rejects.toThrow(/is in use by process/);
  await spool.close();
  await spool.close();
  const again = await openFileSpool(path);
  await again.close();
  expect(await readdir(folder)).toEqual(['events.spool']);
});

test('the lock of a dead process is taken over', async () => {
  const spool = await openFileSpool(path);
  const lock: unknown = JSON.parse(await readFile(`${path}.lock`, 'utf8'));
  await spool.close();
  await writeFile(`${path}.lock`, JSON.stringify(Object.assign(Object(lock), { pid: 2 ** 22 + 1 })));
  const again = await openFileSpool(path);
  await again.close();
  expect(await readdir(folder)).toEqual(['events.spool']);
});

test.each(['', '\0\0\0\0'])('a lock of which a loss of power left %j is taken over', async (left) => {
  await writeFile(`${path}.lock`, left);
  await (await openFileSpool(path)).close();
  expect(await readdir(folder)).toEqual(['events.spool']);
});

test('a lock that is none is left alone, and told by its name', async () => {
  await writeFile(`${path}.lock`, 'garbage');
  const opening = openFileSpool(path);
  await expect(opening).rejects.toMatchObject({ code: 'storage_write_failed' });
  await expect(opening).rejects.toThrow('events.spool.lock');
  expect(await readFile(`${path}.lock`, 'utf8')).toBe('garbage');
});

test('what the store refused for good is kept beside the spool', async () => {
  const spool = await openFileSpool(path);
  const [event] = batch(1);
  if (event === undefined) throw new Error('no event');
  await spool.setAside(event, 'duplicate');
  const text = await readFile(spool.refusedPath, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ reason: 'duplicate', event: { id: event.id, session_id: 's' } });
  await spool.close();
});

test('a file system that refuses is an error of the storage, and nothing is kept', async () => {
  await expect(openFileSpool(folder)).rejects.toMatchObject({ code: 'storage_write_failed' });
});

test('a page is as large as was asked for, and a batch stays whole', async () => {
  const spool = await openFileSpool(path);
  for (const text of ['a', 'b', 'c']) await spool.append(batch(3, text));
  expect((await spool.read(1))?.events).toHaveLength(3);
  expect((await spool.read(4))?.events).toHaveLength(6);
  await spool.close();
  await truncate(path, 0);
});
