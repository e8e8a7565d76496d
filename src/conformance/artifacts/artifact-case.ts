/** Decides what a case of the artifact kit is: a promise of the port, why it matters, and a body that knows no test runner. */
import type { ArtifactStore } from '../../effects/index.ts';

/** What a case of artifacts works with; `damage` does to the bytes what no store would. */
export interface ArtifactContext {
  /** Another handle on the same artifacts; the first call makes an empty place. */
  readonly open: () => Promise<ArtifactStore>;
  /** Changes the stored bytes of this hash behind the back of the store. */
  readonly damage: (sha256: string, how: 'change a byte' | 'cut the end' | 'remove') => Promise<void>;
  /** SHA-256 as 64 lower-case hex digits. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** The largest artifact that the stores of this place take. It has to be at least 100,000. */
  readonly limitBytes: number;
}

/** One promise of a store of artifacts, and what would go wrong without it. */
export interface ArtifactCase {
  readonly id: string;
  /** What goes wrong for others when a store does not keep this. */
  readonly why: string;
  readonly run: (context: ArtifactContext) => Promise<void>;
}

/** `a` becomes 97. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** Bytes of every value, never twice the same for different seeds. */
export function drawnBytes(size: number, seed: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length: size }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state >> 16;
  });
}

/** The same bytes in pieces; throws at the end when there is an error to throw. */
export async function* inPieces(
  bytes: Uint8Array,
  pieceBytes: number,
  error?: Error,
): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  if (error !== undefined) throw error;
}
