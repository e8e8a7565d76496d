/** Decides what the maintenance of this package works on: an open store, and what it borrows of the machine. */
import type { Sha256 } from '../../base/index.ts';
import type { ArtifactStore } from '../../effects/index.ts';
import type { SearchableStore, SessionLogStore } from '../../log/index.ts';
import type { OnTelemetry } from '../telemetry/telemetry.ts';

/** Another store that sessions are copied to before something of them goes. */
export interface SessionArchive {
  readonly store: SessionLogStore;
  /** Where their artifacts are copied to; `null` for an archive that takes none. */
  readonly artifacts: ArtifactStore | null;
  close(): Promise<void>;
}

/** What maintenance works on: store, clock (milliseconds), artifacts, archive. */
export interface MaintenanceContext {
  readonly store: SearchableStore;
  readonly sha256: Sha256;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Where the artifacts of the sessions are. Without it sessions that have some are not removed. */
  readonly artifacts?: ArtifactStore;
  /** Opens `archiveStore` and `archiveArtifacts` of a policy; a policy with an archive is refused without it. */
  readonly openArchive?: (archiveStore: string, archiveArtifacts: string | null) => Promise<SessionArchive>;
  /** Told when `execute` has ended. */
  readonly onTelemetry?: OnTelemetry | null;
  /** What a look at the whole store finds wrong, a sentence each. */
  readonly findings?: () => Promise<readonly string[]>;
}
