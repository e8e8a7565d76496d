/** Decides what a session manager borrows of this machine: time, chance, and who this process is among those that use the store. */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import { isGone, type ProcessIdentity, thisProcess } from '../../host/index.ts';
import {
  type AgentAdapter,
  SessionManager,
  type SessionManagerOptions,
  type SessionStore,
} from '../../sessions/index.ts';
import { sessionTelemetry } from '../observe/session-telemetry.ts';
import { nodePlatform, sha256 } from '../node-platform.ts';
import { systemMint } from './open-session-store.ts';

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
  const self = thisProcess();
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
    owner: ownerText(self),
    isOwnerGone: (owner) => {
      const other = readOwner(owner);
      return other !== null && isGone(other, self);
    },
  });
}

function ownerText({ host, boot, pid, processStart }: ProcessIdentity): string {
  return JSON.stringify([host, boot, pid, processStart]);
}

/** `null` for an owner that was not named by this function: in doubt it lives. */
function readOwner(owner: string): ProcessIdentity | null {
  try {
    const parts: unknown = JSON.parse(owner);
    const part = (index: number): unknown => Reflect.get(Object(parts), index);
    const [host, boot, pid, processStart] = [part(0), part(1), part(2), part(3)];
    const isWhole =
      typeof host === 'string' &&
      typeof boot === 'string' &&
      typeof pid === 'number' &&
      typeof processStart === 'string';
    return isWhole ? { host, boot, pid, processStart } : null;
  } catch {
    return null;
  }
}
