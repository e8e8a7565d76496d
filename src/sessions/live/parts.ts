/** Decides what a session manager is made of: a store, one agent, and what it borrows of the machine. */
import type { Redactor, Sha256 } from '../../base/index.ts';
import type { PriceTable } from '../../effects/index.ts';
import type { AgentAdapter } from '../agents/port.ts';
import type { ArtifactRegistry } from '../artifacts/artifact-registry.ts';
import type { Mint } from '../model/mint.ts';
import type { AwayPolicy, DeliveryPlatform } from '../pipeline/delivery.ts';
import type { EventBuilder } from '../pipeline/event-builder.ts';
import type { Coalescing } from '../pipeline/event-pipeline.ts';
import type { PipelineNotice } from '../pipeline/notice.ts';
import type { Policy } from '../policy/policy.ts';
import type { SessionStore } from '../store/port.ts';
import type { OnTelemetry, TelemetryOutlet } from '../telemetry/telemetry.ts';

/** Store, agent, redactor, leases (milliseconds) and policies of a manager. */
export interface SessionManagerOptions {
  readonly store: SessionStore;
  readonly agent: AgentAdapter;
  readonly mint: Mint;
  readonly sha256: Sha256;
  readonly platform: DeliveryPlatform;
  /** Names this manager among all that use the store, in the lease of every run that it works on. */
  readonly owner: string;
  /** True when it is certain that the process of this owner is gone; without it, or in doubt, a lease has to lapse. */
  readonly isOwnerGone?: (owner: string) => boolean;
  /** A run whose owner was not heard of for so long may be taken over; 15,000 by default. It is renewed three times as often. */
  readonly leaseMs?: number;
  /** Takes secrets out of everything that is stored. The built-in patterns by default; `null` stores what comes as it comes. */
  readonly redactor?: Redactor | null;
  /** As in the event pipeline. */
  readonly coalescing?: Coalescing | null;
  readonly whenAway?: AwayPolicy;
  readonly retryMs?: number;
  readonly onNotice?: (notice: PipelineNotice) => void;
  /** Keeps the files that agents hand over, and long outputs of tools. Without it events say of a file that it was not kept. */
  readonly artifacts?: ArtifactRegistry;
  /** Of the output of a tool so many characters stand in its event, 65,536 by default; a longer one is an artifact too. */
  readonly toolOutputCharacters?: number;
  /** Hears of runs, of what agents tell, and of what the pipeline does. */
  readonly onTelemetry?: OnTelemetry | null;
  /** What tokens cost where the provider does not say; the list prices of the package by default. */
  readonly prices?: PriceTable;
  /** Hold for every run of this manager, with those of the run. */
  readonly policies?: readonly Policy[];
}

/** The options with everything filled in. */
export interface Parts {
  readonly options: SessionManagerOptions;
  readonly store: SessionStore;
  readonly agent: AgentAdapter;
  readonly mint: Mint;
  readonly platform: DeliveryPlatform;
  readonly redactor: Redactor | null;
  readonly builder: EventBuilder;
  readonly prices: PriceTable;
  readonly leaseMs: number;
  /** `null` when nobody listens. */
  readonly telemetry: TelemetryOutlet | null;
}
