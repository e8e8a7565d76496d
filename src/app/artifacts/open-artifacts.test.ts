import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openArtifacts } from './open-artifacts.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'runlog-artifacts-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('a path and a file URL name one folder, and it has to be there to be read', async () => {
  const path = folder();
  const locations = [];
  for (const target of [path, pathToFileURL(path), pathToFileURL(path).href])
    locations.push((await openArtifacts(target, 'read')).store.location);
  expect(new Set(locations)).toEqual(new Set([`file:${path}`]));
  const missing = join(path, 'none');
  expect((await openArtifacts(missing)).store.location).toBe(`file:${missing}`);
  await expect(openArtifacts(missing, 'read')).rejects.toMatchObject({ code: 'store-not-found-error' });
});

test.each([
  ['s3://bucket', 's3://bucket/'],
  ['s3://bucket/a/b', 's3://bucket/a/b/'],
  ['s3://bucket/a/?endpoint=http://127.0.0.1:1&region=eu-1', 's3://bucket/a/'],
  ['S3://bucket/a%20b', 's3://bucket/a b/'],
])('%s names %s', async (url, location) => {
  const opened = await openArtifacts(url);
  expect(opened.store.location).toBe(location);
  await opened.close();
});

test.each([
  '',
  '  ',
  'ftp://host/x',
  's3:',
  's3://',
  's3:///prefix',
  's3://bucket/?secret=1',
  's3://bucket/%zz',
  'file://host/x',
])("'%s' names no artifacts", async (target) => {
  await expect(openArtifacts(target)).rejects.toMatchObject({ code: 'invalid-store-url-error' });
});
