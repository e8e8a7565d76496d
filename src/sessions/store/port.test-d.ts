// A store without `appendEvents` or `flush` is no session store for the compiler, and can be lifted.
import { type LegacySessionStore, liftSessionStore } from '../successors/lift-session-store.ts';
import type { SessionStore } from './port.ts';

declare const legacy: LegacySessionStore;

// @ts-expect-error two operations are missing
export const refused: SessionStore = {
  ...legacy,
  capabilities: liftSessionStore(legacy, anything()).capabilities,
};
export const lifted: SessionStore = liftSessionStore(legacy, anything());

declare function anything(): Omit<SessionStore['capabilities'], 'atomicCommit'>;
