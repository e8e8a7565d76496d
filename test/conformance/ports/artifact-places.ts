// Decides how the kit of artifact stores gets the stores in memory and in a folder.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactMaker } from 'runlog/conformance';
import { artifactStore } from 'runlog/effects';
import { fileArtifacts } from '../../../src/adapters/artifacts/file/index.ts';
import { memoryGround } from '../../../src/effects/artifacts/memory-artifacts.ts';
import { damaged, sha256Of } from '../../harness/artifacts/damaged-bytes.ts';

const limitBytes = 100_000;

export const memoryArtifactPlaces: ArtifactMaker = {
  name: 'artifacts in memory',
  make: async () => {
    const newHash = () => createHash('sha256');
    const ground = memoryGround({ newHash, now: () => new Date().toISOString(), limitBytes });
    return {
      open: async () => artifactStore(ground),
      sha256: sha256Of,
      limitBytes,
      outside: null,
      damage: async (sha256, how) => {
        const blob = ground.stored.get(sha256);
        if (how === 'remove') ground.stored.delete(sha256);
        else if (blob !== undefined) ground.stored.set(sha256, { ...blob, bytes: damaged(blob.bytes, how) });
      },
      destroy: async () => undefined,
    };
  },
};

export const folderPlaces: ArtifactMaker = {
  name: 'artifacts in a folder',
  make: async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'runlog-artifacts-'));
    const folder = join(scratch, 'made when needed');
    const file = join(scratch, 'file');
    writeFileSync(file, 'in the way');
    const pathOf = (sha256: string): string => join(folder, 'blobs', sha256.slice(0, 2), sha256);
    return {
      open: async () => fileArtifacts(folder, { limitBytes }),
      sha256: sha256Of,
      limitBytes,
      outside: {
        neighbour: async () => fileArtifacts(`${folder} too`, { limitBytes }),
        away: async () => fileArtifacts(file),
        nowhere: async () => fileArtifacts(''),
      },
      damage: async (sha256, how) => {
        if (how === 'remove') await rm(pathOf(sha256));
        else await writeFile(pathOf(sha256), damaged(await readFile(pathOf(sha256)), how));
      },
      destroy: async () => rmSync(scratch, { recursive: true, force: true }),
    };
  },
};
