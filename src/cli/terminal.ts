/** Decides how little a command knows of where it runs: two streams of text, their shape, and the environment. */

export interface Terminal {
  /**
   * Resolves when the text has been taken. Rejects with `OutputClosed` when nobody reads any more, and with `OutputRefused`
   * when it cannot be written.
   */
  out(text: string): Promise<void>;
  /** As `out`, but that nobody reads any more stops nothing. */
  err(text: string): Promise<void>;
  /** True when a person looks at what `out` gets. */
  readonly isTty: boolean;
  /** Width of the terminal; `null` when there is none. */
  readonly columns: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True where a pager may take the screen and the keyboard. */
  readonly hasKeyboard?: boolean;
}

/** The reader of the output went away, as `head` does when it has enough. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** The output could not be written, as on a full disk; `cause` says why. */
export class OutputRefused extends Error {
  override readonly name = 'OutputRefused';
}
