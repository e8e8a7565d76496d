/** Decides whether the events of a log are the ones that were written: each stored hash is computed again, from the first on. */
import type { Sha256 } from '../base/index.ts';
import { damagedHistory } from './errors.ts';
import type { StoredEvent } from './event.ts';
import { chainHash, genesisHash } from './hash-line.ts';
import type { Head } from './port.ts';

/** Takes the events of one log in order, read with their hashes. Throws `DamagedHistoryError` at the first that does not fit. */
export class ChainCheck {
  readonly #logId: string;
  readonly #sha256: Sha256;
  #hash = genesisHash;

  constructor(logId: string, sha256: Sha256) {
    this.#logId = logId;
    this.#sha256 = sha256;
  }

  next(stored: StoredEvent): void {
    const hash = chainHash(this.#hash, stored, this.#sha256);
    if (hash !== stored.hash) {
      const what = 'The stored hash does not belong to the event';
      throw damagedHistory({ logId: this.#logId, seq: stored.seq, what });
    }
    this.#hash = hash;
  }

  /** Throws when the events end elsewhere than the head says. */
  end({ seq, hash }: Head): void {
    if (hash === this.#hash) return;
    throw damagedHistory({ logId: this.#logId, seq, what: 'The events end elsewhere than the head says' });
  }
}
