// Artifacts of sessions in a bucket, named by a URL: brought there with their session, looked at, and removed with it.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  doctor,
  maintenanceRef,
  migrateStore,
  openArtifacts,
  openSessionStore,
  openStore,
  sha256,
  systemMint,
} from 'runlog';
import { fileArtifacts } from 'runlog/artifacts/file';
import { isSearchableStore } from 'runlog/log';
import { artifactRegistry, newSession, sessionMaintenance } from 'runlog/sessions';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { accessKeyId, secretAccessKey } from '../harness/s3/credentials.ts';
import { s3Endpoint } from '../harness/s3/endpoint.ts';

const endpoint = await s3Endpoint();
const Bucket = 'session-artifacts';
const client = new S3Client({
  endpoint,
  credentials: { accessKeyId, secretAccessKey },
  forcePathStyle: true,
  region: 'us-east-1',
});

beforeAll(async () => {
  await client.send(new CreateBucketCommand({ Bucket }));
  return () => client.destroy();
});

async function objects(prefix: string): Promise<number> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
  return Contents.length;
}

test('artifacts come into a bucket with their session, are found whole there, and go with it', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  const folder = mkdtempSync(join(tmpdir(), 'runlog-s3-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  const [from, to, files] = [join(folder, 'a.db'), join(folder, 'b.db'), join(folder, 'files')];
  const prefix = `${randomUUID()}/`;
  const bucket = `s3://${Bucket}/${prefix}?endpoint=${endpoint}`;
  const log = await openStore(`sqlite:///${from}`);
  if (!isSearchableStore(log)) throw new Error('no sessions');
  const sessions = await openSessionStore(log);
  const session = newSession({ id: 's', agentId: 'a' }, systemMint);
  await sessions.saveSession({ ...session, deletedAt: '2000-01-01T00:00:00.000000Z' });
  const registry = artifactRegistry({ log, artifacts: fileArtifacts(files), sha256 });
  for (const name of ['one', 'two', 'same']) {
    const text = name === 'same' ? 'one' : name;
    await registry.of('s').put(name, new TextEncoder().encode(text), { metadata: { by: 'ä' } });
  }
  await sessions.close();

  const report = await migrateStore(`sqlite:///${from}`, `sqlite:///${to}`, {
    artifacts: { from: files, to: bucket },
  });
  expect(report).toMatchObject({ ok: true, runs: [{ runId: 's', artifacts: 3 }] });
  // Three keys, and two contents.
  expect([await objects(`${prefix}keys/`), await objects(`${prefix}blobs/`)]).toEqual([3, 2]);
  expect(await doctor(`sqlite:///${to}`, { artifacts: bucket })).toMatchObject({
    state: 'whole',
    findings: [],
  });

  const copy = await openStore(`sqlite:///${to}`);
  const opened = await openArtifacts(bucket, 'read');
  const artifacts = opened.store;
  onTestFinished(async () => {
    await copy.close();
    await opened.close();
  });
  await artifacts.delete('s/two');
  expect((await doctor(copy, { artifacts })).findings).toMatchObject([
    { code: 'artifact-missing', logId: 's' },
  ]);
  const maintenance = sessionMaintenance(maintenanceRef(copy, { artifacts }));
  // Everything in the bucket is younger than the hour that a sweep waits.
  const done = await maintenance.execute({}, { artifactGraceMs: 0 });
  expect(done).toMatchObject({ ok: true, hardDeleted: [{ sessionId: 's', artifacts: 3 }] });
  expect(await objects(`${prefix}keys/`)).toBe(0);
});
