import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allArtifactCases, type ArtifactContext } from 'runlog/conformance';
import { artifactStore } from 'runlog/effects';
import { afterAll, describe, it } from 'vitest';
import { fileArtifacts } from '../../src/adapters/artifacts/file/index.ts';
import { memoryGround } from '../../src/effects/artifacts/memory-artifacts.ts';
import { damaged, sha256Of } from '../harness/artifacts/damaged-bytes.ts';

const limitBytes = 100_000;
const scratch = mkdtempSync(join(tmpdir(), 'runlog-artifacts-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('artifacts in memory', () => {
  it.each(allArtifactCases)('$id', async ({ run }) => {
    const newHash = () => createHash('sha256');
    const ground = memoryGround({ newHash, now: () => new Date().toISOString(), limitBytes });
    const context: ArtifactContext = {
      open: async () => artifactStore(ground),
      sha256: sha256Of,
      limitBytes,
      damage: async (sha256, how) => {
        const blob = ground.stored.get(sha256);
        if (how === 'remove') ground.stored.delete(sha256);
        else if (blob !== undefined) ground.stored.set(sha256, { ...blob, bytes: damaged(blob.bytes, how) });
      },
    };
    await run(context);
  });
});

describe('artifacts in a folder', () => {
  it.each(allArtifactCases)('$id', async ({ id, run }) => {
    const folder = join(scratch, id.replace('/', '-'), 'made when needed');
    const pathOf = (sha256: string): string => join(folder, 'blobs', sha256.slice(0, 2), sha256);
    const context: ArtifactContext = {
      open: async () => fileArtifacts(folder, { limitBytes }),
      sha256: sha256Of,
      limitBytes,
      damage: async (sha256, how) => {
        if (how === 'remove') await rm(pathOf(sha256));
        else await writeFile(pathOf(sha256), damaged(await readFile(pathOf(sha256)), how));
      },
    };
    await run(context);
  });
});
