// The stores of artifacts in memory and in a folder keep every promise of their port.
import { nodePlatform } from 'runlog';
import { artifactStoreCases, runPortCase } from 'runlog/conformance';
import { describe, it } from 'vitest';
import { folderPlaces, memoryArtifactPlaces } from './ports/artifact-places.ts';

describe.each([memoryArtifactPlaces, folderPlaces])('$name', (maker) => {
  it.each(artifactStoreCases)('$id', async (artifactCase) => {
    await runPortCase(artifactCase, maker, nodePlatform);
  });
});
