/** Decides what somebody has to bring to put an artifact store through the kit, beside what each case of the store itself needs. */
import type { ArtifactStore } from '../../effects/index.ts';
import type { PortMaker, PortPlace } from '../ports/port-case.ts';
import type { ArtifactContext } from './artifact-case.ts';

/** Artifacts, none at first, and how to get at what holds them. */
export interface ArtifactPlace extends ArtifactContext, PortPlace {
  /** What holds the bytes outside of this process: a folder, a bucket. `null` for a store that keeps them in its own memory. */
  readonly outside: ArtifactOutside | null;
}

/** Further places that a store can be opened at, or cannot. */
export interface ArtifactOutside {
  /** Another store beside this one: the same bucket under another prefix, a folder whose name begins alike. */
  readonly neighbour: () => Promise<ArtifactStore>;
  /** A store whose folder or server cannot be reached. */
  readonly away: () => Promise<ArtifactStore>;
  /** Opens a store without saying where: an empty path, an empty name of a bucket. It has to throw. */
  readonly nowhere: () => Promise<ArtifactStore>;
}

/** What a module exports for `runlog conformance --port artifact-store`. */
export type ArtifactMaker = PortMaker<ArtifactPlace>;
