/** Proves, when it compiles, that a store without `appendEvents` or `flush` is no session store, and that a lifted one is. */
import { expectTypeOf } from 'vitest';
import type { LegacySessionStore, liftSessionStore } from '../successors/lift-session-store.ts';
import type { SessionStore } from './port.ts';

type Capable = LegacySessionStore & Pick<SessionStore, 'capabilities'>;

expectTypeOf<Capable>().not.toExtend<SessionStore>();
expectTypeOf<Capable & Pick<SessionStore, 'appendEvents'>>().not.toExtend<SessionStore>();
expectTypeOf<Capable & Pick<SessionStore, 'flush'>>().not.toExtend<SessionStore>();
expectTypeOf<ReturnType<typeof liftSessionStore>>().toExtend<SessionStore>();
