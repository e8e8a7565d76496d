/** Decides how little of the platform the pure rooms know: structural types that Node, browsers and tests all satisfy. */

/** SHA-256 of the UTF-8 form of a text, as 64 lower-case hex digits. */
export type Sha256 = (text: string) => string;

/** The part of `AbortSignal` that the pure rooms use. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The part of `AbortController` that the pure rooms use; `app` hands the platform's in. */
export interface Canceller {
  readonly signal: CancelSignal;
  abort(reason?: unknown): void;
}

/** Resolves after `delayMs`, or at once when the signal is cancelled. */
export type Sleep = (delayMs: number, signal?: CancelSignal) => Promise<void>;
