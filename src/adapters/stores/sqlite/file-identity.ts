/**
 * Decides whether the file that is written is still the one that the path names. SQLite goes on writing to a file that was
 * deleted or replaced behind its back, and nobody would ever find what it says it has stored.
 */
import { statSync } from 'node:fs';
import process from 'node:process';
import { storeUnavailable } from '../../../log/index.ts';
import { shellQuote } from './translate-error.ts';

export class FileIdentity {
  readonly #path: string;
  readonly #everyMs: number;
  readonly #opened: string | null;
  #checkedMs = performance.now();
  #isLost = false;

  /** Remembers the file as it is now, right after it was opened. */
  constructor(path: string, everyMs: number) {
    this.#path = path;
    this.#everyMs = everyMs;
    this.#opened = path === ':memory:' || process.platform === 'win32' ? null : identityOf(path);
  }

  /** Looks at most once in a while. Throws `StoreUnavailableError`, from the first time on that another file is there. */
  check(): void {
    if (this.#isLost || performance.now() - this.#checkedMs >= this.#everyMs) this.checkNow();
  }

  checkNow(): void {
    if (this.#opened === null) return;
    this.#checkedMs = performance.now();
    this.#isLost ||= identityOf(this.#path) !== this.#opened;
    if (this.#isLost) throw lostFile(this.#path);
  }
}

/** The text `none` where nothing is, or nothing can be looked at. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return 'none';
  }
}

function lostFile(location: string): Error {
  const quoted = shellQuote(location);
  return storeUnavailable({
    location,
    reason: 'io',
    whatFailed: `The file '${location}' was deleted, moved or replaced while it was open: what was read and written last belongs to a file that has this name no more.`,
    howToFix: `Put the file back, or restore a backup (\`ls -li ${quoted}\` shows what is there now), then open the store again. What the run did since is done again from what the file holds.`,
    context: { cause: 'file-replaced' },
  });
}
