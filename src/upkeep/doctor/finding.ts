/** Decides what a look at a store says about one thing that is wrong, and how many of these are kept. */
import type { Mend } from '../../log/index.ts';

/**
 * `damage`: history, or a document that nothing can be computed from again, is not what was written. `derived`: something is wrong
 * that follows from history, and can be mended. `note`: harmless.
 */
export type Severity = 'damage' | 'derived' | 'note';

/** All that can be found wrong. */
export type FindingCode =
  | 'file-damaged'
  | 'index-wrong'
  | 'ground-unchecked'
  | 'foreign-object'
  | 'foreign-trigger'
  | 'tail-lost'
  | 'log-unreadable'
  | 'lineage-broken'
  | 'fork-dangling'
  | 'parent-missing'
  | 'event-changed'
  | 'event-unreadable'
  | 'events-missing'
  | 'events-unreached'
  | 'events-orphaned'
  | 'payload-no-json'
  | 'head-behind'
  | 'head-ahead'
  | 'head-hash-wrong'
  | 'stray-ids-unmarked'
  | 'subject-wrong'
  | 'document-unreadable'
  | 'document-orphaned'
  | 'snapshot-broken'
  | 'row-differs'
  | 'run-incomplete'
  | 'artifact-missing'
  | 'artifact-damaged'
  | 'artifact-different'
  | 'artifact-orphaned'
  | 'artifacts-unchecked'
  | 'owner-stale'
  | 'repair-failed';

/** One thing that is wrong with a store: where, what it means, what to do. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Where it is, for a person: a run and a place, a document, the file. */
  readonly where: string;
  readonly logId: string | null;
  readonly seq: number | null;
  /** What was found, in one or two sentences. */
  readonly what: string;
  /** What that means for whoever uses the store. */
  readonly meaning: string;
  /** What to do, with a command that works as it is typed, but for the word URL. */
  readonly todo: string;
}

/** How many of each severity there are, those that are not listed included. */
export type FindingCounts = Readonly<Record<Severity, number>>;

const listedAtMost = 1000;

/** Collects what one walk finds, in bounded memory: all of it is counted, and the first thousand are kept. */
export class Findings {
  readonly listed: Finding[] = [];
  readonly mends: Mend[] = [];
  readonly #counts: Record<Severity, number> = { damage: 0, derived: 0, note: 0 };

  add(finding: Finding, mend: Mend | null = null): void {
    this.#counts[finding.severity] += 1;
    // Damage is told before anything else, however much of the rest there is.
    if (finding.severity === 'damage' || this.listed.length < listedAtMost) this.#list(finding);
    if (mend !== null && this.mends.length < listedAtMost) this.mends.push(mend);
  }

  get counts(): FindingCounts {
    return { ...this.#counts };
  }

  #list(finding: Finding): void {
    if (this.listed.length >= listedAtMost) {
      const least = this.listed.findLastIndex(({ severity }) => severity !== 'damage');
      if (least === -1) return;
      this.listed.splice(least, 1);
    }
    this.listed.push(finding);
  }
}
