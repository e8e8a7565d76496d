// A server that answers wrongly: nothing is deleted because of it, nothing of it fills the memory, and what it said is told in one line.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { s3Artifacts } from './s3-artifacts.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function storeOver(answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const store = s3Artifacts({
    bucket: 'b',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    timeoutMs: 2_000,
  });
  onTestFinished(async () => {
    await store.close();
    server.closeAllConnections();
    server.close();
  });
  return { store, asked };
}

const blob = `blobs/ab/${'ab'.repeat(32)}`;
const listing = (inside: string): string =>
  `<?xml version="1.0"?><ListBucketResult><Name>b</Name>${inside}</ListBucketResult>`;
const oneBlob = listing(
  `<IsTruncated>false</IsTruncated><Contents><Key>${blob}</Key><Size>5</Size><LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents>`,
);

test.each([
  ['nothing at all', ''],
  ['a list without an end', listing('')],
  ['a list that goes on nowhere', listing('<IsTruncated>true</IsTruncated>')],
])('keys that are listed with %s are not taken for none: nothing is swept', async (_name, keys) => {
  const { store, asked } = await storeOver((request, response) => {
    const isOfKeys = decodeURIComponent(request.url ?? '').includes('prefix=keys/');
    response.setHeader('last-modified', 'Wed, 01 Jan 2020 00:00:00 GMT');
    response.end(isOfKeys ? keys : oneBlob);
  });
  await expect(store.sweep()).rejects.toMatchObject({ code: 'artifact-storage-error' });
  await expect(store.list()).rejects.toMatchObject({ code: 'artifact-storage-error' });
  expect(asked.filter((line) => line.startsWith('DELETE'))).toEqual([]);
});

test('what stands under a key is read up to a limit', async () => {
  let sent = 0;
  const { store } = await storeOver((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && sent < 200_000_000) {
        sent += 65_536;
        if (!response.write('x'.repeat(65_536))) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  await expect(store.head('k')).rejects.toMatchObject({ code: 'artifact-corrupted-error' });
  expect(sent).toBeLessThan(100_000_000);
});

test.each([
  [500, 'io'],
  [502, 'unreachable'],
  [504, 'unreachable'],
])('a page of a proxy with status %d is told in one line', async (status, reason) => {
  const { store } = await storeOver((_request, response) => {
    response.statusCode = status;
    response.end('<html><p>Bad gateway');
  });
  const error: unknown = await store.list().catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ context: { reason } });
  const { summary } = error as { readonly summary: string };
  expect(summary).toContain(`(${status})`);
  expect(summary).not.toMatch(/\n|hidden field/);
});
