// What the pages of artifact errors say.
import {
  artifactCorrupted,
  artifactExists,
  artifactNotFound,
  artifactStorageFailed,
  artifactTooLarge,
  invalidArtifactKey,
} from '../src/effects/artifacts/artifact-errors.ts';
import type { ErrorPage } from './error-page.ts';

const place = { location: 'file:/var/lib/artifacts', key: 'reports/summary.md' };

/** By class name. */
export const artifactErrorPages: Readonly<Record<string, ErrorPage>> = {
  ArtifactError: { meaning: 'Everything that stores of artifacts refuse, and every way in which they fail.' },
  ArtifactNotFoundError: {
    meaning: 'The store has no artifact of that key.',
    sample: () => artifactNotFound(place),
  },
  ArtifactExistsError: {
    meaning: 'An artifact was put under a key that another one has. The first is unchanged.',
    sample: () => artifactExists({ ...place, fields: ['its bytes'] }),
  },
  ArtifactCorruptedError: {
    meaning:
      'The bytes of an artifact are not those that were put, or not those that were announced, or what is written under its key cannot be read.',
    sample: () => artifactCorrupted({ ...place, problem: 'it has 512 of its 4096 bytes' }),
  },
  ArtifactTooLargeError: {
    meaning: 'An artifact has more bytes than the store takes. Nothing of it is stored.',
    sample: () => artifactTooLarge({ ...place, limitBytes: 1_073_741_824 }),
  },
  ArtifactStorageError: {
    meaning:
      'The folder or the server of a store of artifacts failed. `context.reason` is `full`, `denied`, `busy`, `unreachable`, `misplaced` or `io`; `busy` and `unreachable` may pass.',
    sample: () =>
      artifactStorageFailed({
        location: place.location,
        operation: 'write',
        reason: 'full',
        problem: 'ENOSPC: no space left on device, write',
      }),
  },
  InvalidArtifactKeyError: {
    meaning:
      'A text cannot be the key of an artifact, or its content type, its metadata or its checksum cannot be kept.',
    sample: () => invalidArtifactKey({ key: 'a\u0000b', problem: 'it holds a control character' }),
  },
};
