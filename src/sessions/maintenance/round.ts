/**
 * Decides how one call of maintenance goes from session to session: what was done is written down, what goes wrong with one is told and
 * does not stop the rest, and a store that is gone ends it.
 */
import { isStructuredError } from '../../base/index.ts';
import { type RecordQuery, StoreClosedError, type StoredRecord } from '../../log/index.ts';
import { sessionErrorCode } from '../errors/session-error.ts';
import { type Session } from '../model/session.ts';
import { formatMicros } from '../model/timestamp.ts';
import { sessionKind, sessionOfRecord } from '../store/documents.ts';
import type { MaintenanceContext } from './context.ts';
import type {
  CleanedArtifact,
  MaintenanceOptions,
  MaintenanceProblem,
  MaintenanceReport,
  MaintenanceStep,
  MarkedSession,
  PrunedSession,
  RemovedSession,
} from './port.ts';
import type { RetentionPolicy } from './retention-policy.ts';

const dayMs = 86_400_000;

export interface FoundSession {
  readonly record: StoredRecord;
  readonly session: Session;
}

export class Round {
  readonly context: MaintenanceContext;
  readonly policy: RetentionPolicy;
  readonly options: MaintenanceOptions;
  readonly isDryRun: boolean;
  /** The moment at which it began: one for all sessions. */
  readonly now: string;
  readonly softDeleted: MarkedSession[] = [];
  readonly hardDeleted: RemovedSession[] = [];
  readonly pruned: PrunedSession[] = [];
  readonly archived = new Set<string>();
  readonly artifactsCleaned: CleanedArtifact[] = [];
  readonly #errors: MaintenanceProblem[] = [];
  readonly #beganMs: number;
  #isCutOff = false;
  #step: MaintenanceStep | null = null;
  #done = 0;
  #sessions = 0;

  constructor(
    context: MaintenanceContext,
    policy: RetentionPolicy,
    options: MaintenanceOptions,
    isDryRun = false,
  ) {
    this.context = context;
    this.policy = policy;
    this.options = options;
    this.isDryRun = isDryRun;
    this.#beganMs = context.nowMs();
    this.now = formatMicros(this.#beganMs);
  }

  /** The moment so many days ago; `null` without a limit. */
  daysAgo(days: number): string | null {
    return days === Infinity ? null : formatMicros(this.#beganMs - days * dayMs);
  }

  /** The moment so many milliseconds ago. */
  ago(ms: number): string {
    return formatMicros(this.#beganMs - ms);
  }

  /** True when nothing more is to be begun. */
  get isOver(): boolean {
    return this.#isCutOff || this.options.signal?.aborted === true;
  }

  /** Counts what there is to look at, when anybody asks how far it is. */
  async begin(): Promise<void> {
    if (this.options.onProgress === undefined) return;
    this.#sessions = await this.context.store.countRecords({ kind: sessionKind, orderBy: 'created' });
  }

  /** Does the work for one session, or for a whole step. */
  async attempt(step: MaintenanceStep, sessionId: string | null, work: () => Promise<void>): Promise<void> {
    if (this.isOver) return;
    try {
      await work();
    } catch (error) {
      this.fail(step, sessionId, error);
    }
    if (sessionId !== null) this.tell(step);
  }

  fail(step: MaintenanceStep, sessionId: string | null, error: unknown): void {
    // Every further session would fail in the same way.
    if (error instanceof StoreClosedError) this.#isCutOff = true;
    const code = sessionErrorCode(error);
    const message = isStructuredError(error)
      ? error.whatFailed
      : error instanceof Error
        ? error.message
        : String(error);
    this.#errors.push({ step, sessionId, code, message });
  }

  tell(step: MaintenanceStep): void {
    this.#done = step === this.#step ? this.#done + 1 : 1;
    this.#step = step;
    const of = step === 'artifacts' ? this.#done : Math.max(this.#sessions, this.#done);
    this.options.onProgress?.({ step, done: this.#done, of });
  }

  /**
   * Sessions in the order of a field of their rows, a batch at a time; they may be changed meanwhile. A row that cannot be read is an
   * error of the step, and the next one follows.
   */
  async *sessions(
    step: MaintenanceStep,
    query: RecordQuery,
    valueOf: (session: Session) => string,
  ): AsyncGenerator<FoundSession> {
    const { batchSize } = this.policy;
    let after: RecordQuery['after'];
    let unreadable = 0;
    for (;;) {
      const asked = after === undefined ? query : { ...query, after };
      const page = await this.context.store.findRecords(asked, { limit: batchSize, offset: unreadable });
      for (const record of page) {
        if (this.isOver) return;
        const session = this.#readable(step, record);
        if (session === null) unreadable += 1;
        else {
          after = { value: valueOf(session), id: record.id };
          unreadable = 0;
          yield { record, session };
        }
      }
      if (page.length < batchSize) return;
    }
  }

  hasExemptTag({ tags }: Session): boolean {
    return tags.some((tag) => this.policy.exemptTags.includes(tag));
  }

  report(): MaintenanceReport {
    const isStopped = this.options.signal?.aborted === true;
    return Object.freeze({
      isDryRun: this.isDryRun,
      softDeleted: this.softDeleted,
      hardDeleted: this.hardDeleted,
      pruned: this.pruned,
      archived: [...this.archived],
      artifactsCleaned: this.artifactsCleaned,
      errors: this.#errors,
      isStopped,
      durationMs: Math.max(0, this.context.nowMs() - this.#beganMs),
      ok: this.#errors.length === 0 && !isStopped,
    });
  }

  #readable(step: MaintenanceStep, record: StoredRecord): Session | null {
    try {
      return sessionOfRecord(record);
    } catch (error) {
      this.fail(step, record.id.slice(0, record.id.lastIndexOf('/')), error);
      return null;
    }
  }
}
