/** Decides what the person who migrates may choose about the rows. */

export interface MappingOptions {
  /**
   * Write the rows that the first tool of this name wrote, where this one knows better: docs/guides lists them. What would break
   * the rewrite, such as a time that it cannot read, is mended all the same.
   */
  readonly strictParity: boolean;
  /** Orchestrators arrive stopped, so that the rewrite can restore them. */
  readonly asRestorable: boolean;
}
