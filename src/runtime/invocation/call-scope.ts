/** Decides what the calls of an invocation know of it: enough to be recorded under its name, nothing of its changes. */
import type { View } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { Engine, InstalledBehavior } from '../engine.ts';
import type { RecordedCalls } from './recorded-calls.ts';

export interface CallScope {
  readonly engine: Engine;
  readonly behavior: InstalledBehavior;
  /** The event that the behavior reacts to. */
  readonly event: LogEvent;
  /** Calls of an earlier attempt that was interrupted. */
  readonly recorded: RecordedCalls;
  /** The first question put to a model, and all tool calls: provenance of what comes of them. */
  llmRequestId: string | null;
  readonly toolRequestIds: string[];
  toolCallCount: number;
  openView(): View;
  /** Throws `RuntimeContextRequiredError` when the invocation has ended. */
  checkNotOver(method: string): void;
  /** Whatever the outside world may see the effects of has to be durable first. Throws when the runtime has closed. */
  beforeOutside(): Promise<void>;
}
