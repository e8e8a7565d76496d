/** Decides what a manager, a session and a run of an agent are begun with, and by which names, for callers without types. */
import type { JsonObject, PartForms } from '../../base/index.ts';
import type { CapabilityType } from '../capabilities/capability.ts';
import type { NewSession } from '../model/session.ts';
import type { SessionManagerOptions } from './parts.ts';
import type { RunOptions } from './work-on-run.ts';

/** Agent and other data of a session; the agent's name stands in for `agentId`. */
export type StartSession = Omit<NewSession, 'agentId'> & { readonly agentId?: string };

/** A run to be started: id, metadata, capabilities that the agent must have. */
export interface StartRun {
  readonly id?: string;
  readonly metadata?: JsonObject;
  /** Without one of these the run is refused with `MissingRequiredCapabilityError`. */
  readonly requiredCapabilities?: readonly CapabilityType[];
}

/** The name of every option of a manager: one that is missing here, or is no option, does not compile. So with the others. */
export const managerOptionNames: readonly string[] = Object.keys({
  store: true,
  agent: true,
  mint: true,
  sha256: true,
  platform: true,
  owner: true,
  isOwnerGone: true,
  leaseMs: true,
  redactor: true,
  coalescing: true,
  whenAway: true,
  retryMs: true,
  onNotice: true,
  artifacts: true,
  toolOutputCharacters: true,
  onTelemetry: true,
  prices: true,
  policies: true,
} satisfies Record<keyof SessionManagerOptions, true>);

export const sessionOptionNames: readonly string[] = Object.keys({
  agentId: true,
  id: true,
  parentSessionId: true,
  metadata: true,
  context: true,
  tags: true,
} satisfies Record<keyof StartSession, true>);

export const startRunOptionNames: readonly string[] = Object.keys({
  id: true,
  metadata: true,
  requiredCapabilities: true,
} satisfies Record<keyof StartRun, true>);

export const runOptionNames: readonly string[] = Object.keys({
  onEvent: true,
  continuation: true,
  window: true,
  timeoutMs: true,
  deadlineMs: true,
  isAlone: true,
  signal: true,
  allowedTools: true,
  deniedTools: true,
  policies: true,
  settings: true,
} satisfies Record<keyof RunOptions, true>);

/** What is first used when the run has begun, and would fail it then, or be taken for something else. */
export const runOptionForms: PartForms<keyof RunOptions> = {
  onEvent: ['function'],
  isAlone: ['boolean'],
  signal: ['with aborted'],
};
