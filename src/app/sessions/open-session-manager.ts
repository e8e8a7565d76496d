/** Decides what a session manager borrows of this machine: time, chance, and who this process is among those that use the store. */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import {
  type AgentAdapter,
  SessionManager,
  type SessionManagerOptions,
  type SessionStore,
} from '../../sessions/index.ts';
import { sessionTelemetry } from '../observe/session-telemetry.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { systemMint } from './open-session-store.ts';
import { runOwner } from './run-owner.ts';

/** What a manager over a URL may be given. */
export type OpenSessionManagerOptions = Partial<
  Pick<
    SessionManagerOptions,
    | 'leaseMs'
    | 'onTelemetry'
    | 'redactor'
    | 'coalescing'
    | 'whenAway'
    | 'retryMs'
    | 'onNotice'
    | 'prices'
    | 'artifacts'
    | 'toolOutputCharacters'
    | 'policies'
  >
>;

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  leaseMs: true,
  onTelemetry: true,
  redactor: true,
  coalescing: true,
  whenAway: true,
  retryMs: true,
  onNotice: true,
  prices: true,
  artifacts: true,
  toolOutputCharacters: true,
  policies: true,
} satisfies Record<keyof OpenSessionManagerOptions, true>);

/** A manager of sessions of this agent in an open store. Closing it closes the agent, and leaves the store open. */
export function openSessionManager(
  store: SessionStore,
  agent: AgentAdapter,
  options: OpenSessionManagerOptions = {},
): SessionManager {
  checkArguments('openSessionManager', {
    store: [store, 'with capabilities'],
    agent: [agent, 'with execute'],
    options: [options, 'object'],
  });
  checkOptionNames('openSessionManager', options, optionNames);
  const { nowMs, sleep, newCanceller, warn } = nodePlatform;
  const { onTelemetry = sessionTelemetry() } = options;
  return new SessionManager({
    ...options,
    onTelemetry,
    store,
    agent,
    mint: systemMint,
    sha256,
    platform: { nowMs, sleep, newCanceller, warn },
    ...runOwner(),
  });
}
