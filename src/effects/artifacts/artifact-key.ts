/** Decides what may be a key, a content type and metadata of an artifact: alike in every store, and checked before anything is done. */
import { invalidArtifactKey } from './artifact-errors.ts';
import type { PutOptions } from './artifact-port.ts';

const keyLimitBytes = 512;
const metadataLimit = { names: 100, characters: 16_384 };
export const plainContentType = 'application/octet-stream';

/** Throws `InvalidArtifactKeyError`. Beyond this a key means nothing: `..` and `/` are characters like others. */
export function checkArtifactKey(key: unknown): asserts key is string {
  if (typeof key !== 'string') throw invalidArtifactKey({ key: String(key), problem: 'it is no text' });
  const problem = key === '' ? 'it is empty' : textProblem(key);
  if (problem !== null) throw invalidArtifactKey({ key, problem });
  const bytes = utf8Bytes(key);
  if (bytes > keyLimitBytes) {
    throw invalidArtifactKey({ key, problem: `it has ${bytes} bytes, and may have ${keyLimitBytes}` });
  }
}

/** What a put says of an artifact, with what stands in for what it does not say. Throws `InvalidArtifactKeyError`. */
export function readPutOptions(
  key: string,
  { contentType = plainContentType, metadata = {}, sha256 }: PutOptions,
): { readonly contentType: string; readonly metadata: Readonly<Record<string, string>> } {
  const names = Object.entries(metadata);
  const texts = [contentType, ...names.flat()];
  const problem = texts.map(textProblem).find((found) => found !== null);
  if (problem !== undefined) {
    throw invalidArtifactKey({ key, problem: `a text of its content type or metadata: ${problem}` });
  }
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (names.length > metadataLimit.names || characters > metadataLimit.characters) {
    throw invalidArtifactKey({
      key,
      problem: `its metadata has ${names.length} names and ${characters} characters, and may have ${metadataLimit.names} and ${metadataLimit.characters}`,
    });
  }
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw invalidArtifactKey({
      key,
      problem: 'the `sha256` that it is put with is not 64 lower-case hex digits',
    });
  }
  return { contentType, metadata };
}

function textProblem(text: unknown): string | null {
  if (typeof text !== 'string') return 'it is no text';
  if (!text.isWellFormed()) return 'it holds half a character';
  return /\p{Cc}/u.test(text) ? 'it holds a control character' : null;
}

/** The length of a well-formed text in UTF-8. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
