/** Decides how the cases of artifacts are asked of a maker: those of the store, and those of its place. */
import type { PortCase } from '../ports/port-case.ts';
import { allArtifactCases } from './artifact-cases.ts';
import type { ArtifactPlace } from './artifact-place.ts';
import { placeCases } from './place-cases.ts';

const properties: Readonly<Record<string, readonly number[]>> = {
  'put/known': [82],
  'put/replace': [83],
  'delete/idempotent': [84, 85],
  'read/absent': [86],
  'put/stream': [87],
  'put/keys': [90],
};

/** What every artifact store has to do. */
export const artifactStoreCases: readonly PortCase<ArtifactPlace>[] = [
  ...allArtifactCases.map(({ id, why, run }): PortCase<ArtifactPlace> => {
    const [group = ''] = id.split('/');
    return {
      id,
      group,
      properties: properties[id] ?? [],
      why,
      needs: null,
      run: ({ place }) => run(place),
    };
  }),
  ...placeCases,
];
