/** Decides what the parts of one open run share: its state, its journal, and what it was given to work with. */
import type { CancelSignal, Clock } from '../base/index.ts';
import type { ModelProvider, RecordedAnswers, Tool, ToolInvoker } from '../effects/index.ts';
import type { DeclaredTypes } from '../graph/index.ts';
import type { EventForms } from '../log/index.ts';
import type { Behavior, Frame } from './behavior.ts';
import type { ApprovalPolicy, Bundle } from './bundle.ts';
import type { Budget } from './budget.ts';
import type { GuestCode } from './guest-code.ts';
import type { RunObserver } from './observe/run-observer.ts';
import type { Journal } from './run/journal.ts';
import type { RuntimePlatform } from './platform.ts';
import type { Opening } from './run/opening.ts';
import type { RunState } from './run/run-state.ts';
import type { SnapshotReading } from './snapshot/read-snapshot.ts';

/** A behavior as a run has it: under its canonical name, with the settings of the pack it came with. */
export interface InstalledBehavior extends Behavior {
  readonly owner: string | null;
  readonly settings: unknown;
}

export interface Engine {
  readonly runId: string;
  readonly platform: RuntimePlatform;
  readonly clock: Clock;
  readonly state: RunState;
  readonly journal: Journal;
  readonly types: DeclaredTypes;
  readonly behaviors: InstalledBehavior[];
  readonly tools: Map<string, Tool>;
  readonly policies: ApprovalPolicy[];
  readonly settings: Map<string, unknown>;
  /** What was installed, in order. */
  readonly bundles: Bundle[];
  readonly guest: GuestCode;
  readonly seed: number;
  readonly budget: Budget;
  /** The forms of payloads that the program knows. */
  readonly forms: EventForms;
  readonly frame: Frame | null;
  readonly model: ModelProvider | null;
  readonly invoker: ToolInvoker;
  /** Answers of another run to serve before anybody is asked; for forks. */
  readonly answers: RecordedAnswers | null;
  /** How snapshots are read; left out where the log alone counts. */
  readonly snapshotReading: SnapshotReading | undefined;
  /** What the run, or what it was forked from, was driven with before it was opened; `null` when nobody has driven it. */
  readonly lastOpening: Opening | null;
  /** `null` when nobody observes. */
  readonly observer: RunObserver | null;
  /** Cancelled when the runtime closes. */
  readonly signal: CancelSignal;
}

/** The key under which a vendor can recognise a second attempt at one recorded request. */
export function idempotencyKey(engine: Pick<Engine, 'platform' | 'runId'>, requestEventId: string): string {
  return engine.platform.sha256(`${engine.runId}\n${requestEventId}`);
}
