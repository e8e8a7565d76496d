/** Decides how a URL that names no store is refused: with what is wrong, with what to write instead, and without its password. */
import { errorClass, StorageError, type StructuredError } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';

/** A text does not name a store. The error spells out the URL that was probably meant. */
export const InvalidStoreURL = errorClass(
  'InvalidStoreURL',
  StorageError,
  RangeError,
  'invalid-store-url-error',
);

export function invalidStoreUrl(
  raw: string,
  summaryOf: (shown: string) => string,
  howToFix: string,
): StructuredError {
  const shown = withoutCredentials(raw);
  return new InvalidStoreURL({
    summary: summaryOf(shown),
    whatFailed: `'${shown}' does not name a store.`,
    why: 'A store is opened exactly where its URL says; a guess could open, or create, another one.',
    howToFix,
    context: { url: shown },
  });
}

/** Throws for a broken percent escape. */
export function decodePart(raw: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // The error of the platform says no more than this, and could quote a password.
    throw invalidStoreUrl(
      raw,
      (shown) => `store URL '${shown}' has a broken percent escape`,
      'Write a percent sign as %25.',
    );
  }
}

export function splitAt(text: string, mark: string): [string, string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

/** Of two values one would be left out without a word. */
export function optionTwice(raw: string, option: string): StructuredError {
  return invalidStoreUrl(
    raw,
    (shown) => `store URL '${shown}' has the option '${option}' twice`,
    'Give it once, with the value that is meant.',
  );
}

/** What a commit has to survive, by the words of the URL; `full` when nothing is said. */
export function durabilityNamed(value: string | undefined): 'power' | 'process' | null {
  if (value === undefined || value === 'full') return 'power';
  return value === 'normal' ? 'process' : null;
}
