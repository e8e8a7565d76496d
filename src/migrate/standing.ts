/** Decides how a run of the destination can stand to the one of the source that has its id. */
import type { Head } from '../log/index.ts';
import type { ProvedPlace } from './copy-run.ts';

export type Standing =
  | { readonly kind: 'missing' }
  /** All of it is there, if its chain is what it says: at this place it has to have this hash. */
  | { readonly kind: 'present'; readonly proof: ProvedPlace; readonly note?: string }
  /** What is there is the beginning. */
  | { readonly kind: 'prefix'; readonly head: Head }
  /** It was migrated with skips, or from a source that knows more now, and stands as it was left. */
  | { readonly kind: 'partial'; readonly head: Head }
  | { readonly kind: 'conflict'; readonly why: string };
