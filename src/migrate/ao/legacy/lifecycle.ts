/** Decides how far a session had come, whichever of its versions wrote the record. */
import { decodedObject, textAt, valueAt, type Values } from './values.ts';

export interface Lifecycle {
  /** One of the eight of the newest version; `null` when none is told. */
  readonly state: string | null;
  /** Why it is in that state, in the words of the newest version. */
  readonly reason: string | null;
  readonly startedAt: string | null;
  readonly lastTransitionAt: string | null;
  readonly runtimeObservedAt: string | null;
  readonly isTerminal: boolean;
}

export function lifecycleOf(record: Values, strictParity: boolean): Lifecycle {
  const stored = storedLifecycle(record, strictParity);
  const session = decodedObject(stored?.['session']) ?? {};
  const runtime = decodedObject(stored?.['runtime']) ?? {};
  const state = stored === null ? stateOfStatus(textAt(record, 'status')) : textAt(session, 'state');
  return {
    state,
    reason: textAt(session, 'reason'),
    startedAt: textAt(session, 'startedAt'),
    lastTransitionAt: textAt(session, 'lastTransitionAt'),
    runtimeObservedAt: textAt(runtime, 'lastObservedAt'),
    isTerminal: isTerminalState(state) || hasEnded(valueAt(session, 'terminatedAt'), strictParity),
  };
}

function storedLifecycle(record: Values, strictParity: boolean): Values | null {
  const newest = decodedObject(valueAt(record, 'lifecycle'));
  if (newest !== null) return newest;
  const version = valueAt(record, 'stateVersion');
  const isKnown = version === '2' || (version === 2 && !strictParity);
  return isKnown ? decodedObject(valueAt(record, 'statePayload')) : null;
}

function isTerminalState(state: string | null): boolean {
  return state === 'done' || state === 'terminated';
}

function hasEnded(terminatedAt: unknown, strictParity: boolean): boolean {
  if (typeof terminatedAt === 'string' && !strictParity) return terminatedAt.trim() !== '';
  return terminatedAt !== null && terminatedAt !== undefined;
}

const keptStatuses = new Set(['needs_input', 'stuck', 'done', 'idle']);
const endedStatuses = new Set(['errored', 'killed', 'terminated', 'cleanup']);

/** What the legacy tool itself makes of a record that is older than lifecycles. */
function stateOfStatus(status: string | null): string | null {
  const word = status?.trim() ?? '';
  if (word === '') return null;
  if (keptStatuses.has(word)) return word;
  if (endedStatuses.has(word)) return 'terminated';
  if (word === 'spawning') return 'not_started';
  return word === 'merged' ? 'idle' : 'working';
}
