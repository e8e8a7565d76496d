// Decides what is known of an error for its page.
import type { StructuredError } from '../src/base/index.ts';

export interface ErrorPage {
  /** What it means, in sentences that stand alone. */
  readonly meaning: string;
  /** Markdown behind the meaning. */
  readonly details?: string;
  /** Makes one. */
  readonly sample?: () => StructuredError | Promise<StructuredError>;
}
