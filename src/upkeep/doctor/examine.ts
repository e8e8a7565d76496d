/** Decides in which order a store is looked at, and that one broken part does not hide the others. */
import type { CancelSignal, Sha256 } from '../../base/index.ts';
import {
  damagedHistory,
  isDamage,
  type LogFound,
  type Mend,
  type StoredRows,
  UnreadableCell,
} from '../../log/index.ts';
import { checkChain } from './check-chain.ts';
import { checkPast } from './check-past.ts';
import { checkRecords } from './check-records.ts';
import { SessionEnds } from './check-session.ts';
import { type Finding, type FindingCounts, Findings } from './finding.ts';
import { finding, placeOf } from './finding-texts.ts';

/** Told again and again while a store is looked at. */
export interface DoctorProgress {
  readonly phase: 'file' | 'events' | 'documents';
  /** The run that is looked at; empty in the other phases. */
  readonly logId: string;
  /** Events of the whole store that were looked at, and how many the rows of its runs speak of. */
  readonly events: number;
  readonly ofEvents: number;
}

export interface ExamineOptions {
  readonly sha256: Sha256;
  readonly onProgress?: (progress: DoctorProgress) => void;
  /** Ends the walk between two pages; it rejects with the reason. */
  readonly signal?: CancelSignal;
}

export interface Examination {
  readonly findings: readonly Finding[];
  readonly counts: FindingCounts;
  /** What would put right what can be put right. */
  readonly mends: readonly Mend[];
  readonly logs: number;
  readonly events: number;
}

/** Looks at everything. Memory is bounded by a page and a thousand findings. Changes nothing. */
export async function examine(rows: StoredRows, options: ExamineOptions): Promise<Examination> {
  const walk = new StoreWalk(rows, options);
  await walk.run();
  return walk.result();
}

class StoreWalk {
  readonly #rows: StoredRows;
  readonly #options: ExamineOptions;
  readonly #findings = new Findings();
  #logs = 0;
  #events = 0;
  #ofEvents = 0;

  constructor(rows: StoredRows, options: ExamineOptions) {
    this.#rows = rows;
    this.#options = options;
  }

  async run(): Promise<void> {
    this.#tell('file', '');
    await this.#guarded('the file', () => this.#checkGround());
    await this.#guarded('the list of runs', () => this.#checkLogs());
    await this.#guarded('the events', () => this.#checkStrays());
    await this.#guarded('the documents', () =>
      checkRecords({ rows: this.#rows, findings: this.#findings, sha256: this.#options.sha256 }, () =>
        this.#tell('documents', ''),
      ),
    );
    await this.#guarded('the list of owners', () => this.#checkOwners());
  }

  result(): Examination {
    const { listed: findings, counts, mends } = this.#findings;
    // What is found through a wrong index may be its fault; and nothing is written into a file that is broken.
    const isBroken = findings.some(({ code }) => code === 'file-damaged' || code === 'tail-lost');
    const index = mends.filter(({ kind }) => kind === 'reindex');
    const possible = isBroken ? [] : index.length > 0 ? index.slice(0, 1) : mends;
    return { findings, counts, mends: possible, logs: this.#logs, events: this.#events };
  }

  async #checkGround(): Promise<void> {
    const codes = {
      file: 'file-damaged',
      index: 'index-wrong',
      'lost-tail': 'tail-lost',
      unchecked: 'ground-unchecked',
      foreign: 'foreign-object',
      meddler: 'foreign-trigger',
    } as const;
    for (const { kind, what } of await this.#rows.ground()) {
      const found = finding(codes[kind], { where: this.#rows.location, what });
      this.#findings.add(found, kind === 'index' ? { kind: 'reindex' } : null);
    }
    this.#ofEvents = (await this.#rows.size()).events;
  }

  async #checkLogs(): Promise<void> {
    for (let after = Number.MIN_SAFE_INTEGER; ;) {
      const page = await this.#rows.logs(after);
      const last = page.at(-1);
      if (last === undefined) return;
      for (const found of page) {
        this.#logs += 1;
        if (found.ok) await this.#guarded(placeOf(found.row.id), () => this.#checkLog(found.row));
        else {
          const what = `Its row cannot be read: ${found.problem}.`;
          this.#findings.add(finding('log-unreadable', { where: placeOf(found.key), what }));
        }
      }
      // In a broken file the next page may begin where the last one did, for ever.
      if (last.number <= after)
        throw damagedHistory({ logId: '', seq: 0, what: 'The rows of the runs are not in order' });
      after = last.number;
    }
  }

  async #checkLog(log: LogFound): Promise<void> {
    const pastHash = await checkPast(log, this.#rows, this.#findings);
    const ends = log.kind === 'session' ? new SessionEnds() : null;
    await checkChain(log, pastHash, {
      rows: this.#rows,
      findings: this.#findings,
      sha256: this.#options.sha256,
      onPage: (events) => {
        this.#events += events;
        this.#tell('events', log.id);
      },
      onEvent: (event) => ends?.take(event),
    });
    await ends?.check(log, this.#rows, this.#findings);
  }

  async #checkStrays(): Promise<void> {
    for (const { number, events } of await this.#rows.strays()) {
      const what = `${events} events are kept under the number ${number}, and no run has it.`;
      this.#findings.add(finding('events-orphaned', { where: `the events of number ${number}`, what }));
    }
  }

  async #checkOwners(): Promise<void> {
    for (const found of await this.#rows.owners()) {
      if (!found.ok) {
        const what = `Its row cannot be read: ${found.problem}.`;
        this.#findings.add(finding('document-unreadable', { where: `owner '${found.key}'`, what }));
        continue;
      }
      const { owner, host, pid, state, expiresAt } = found.row;
      if (state === 'alive') continue;
      const why = state === 'gone' ? 'is not there any more' : `let its lease end at ${expiresAt}`;
      const what = `Process ${pid} on ${host} said that it writes, and ${why}.`;
      const mend = { kind: 'forget-owner', owner: found.row } as const;
      this.#findings.add(finding('owner-stale', { where: `owner '${owner}'`, what }), mend);
    }
  }

  /** What cannot even be paged through is a finding, and the walk goes on with what comes next. */
  async #guarded(where: string, check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      const what = damageIn(error);
      if (what === null) throw error;
      this.#findings.add(finding('file-damaged', { where, what }));
    }
  }

  #tell(phase: DoctorProgress['phase'], logId: string): void {
    const { signal, onProgress } = this.#options;
    if (signal?.aborted === true) throw signal.reason;
    onProgress?.({ phase, logId, events: this.#events, ofEvents: this.#ofEvents });
  }
}

/** What is broken, in words; `null` for an error that tells of something else. The key of a row may be a cell of another type as well. */
function damageIn(error: unknown): string | null {
  if (error instanceof UnreadableCell) return `A value has another type than its column: ${error.message}.`;
  return isDamage(error) ? error.whatFailed : null;
}
