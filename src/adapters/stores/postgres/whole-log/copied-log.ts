/**
 * Decides how the pages of a copy are written: the common page, the next places under the ids that belong to them, in one statement
 * that is under way while the next page is read; every other page as the commit that it is.
 */
import { type Sha256 } from '../../../../base/index.ts';
import { type CommitPart, type Head, planPlainAppend } from '../../../../log/index.ts';
import { chainBytes, eventLists, listTypes, parameters } from '../commit/event-lists.ts';
import { commitWhole } from '../commit/commit-whole.ts';
import type { Session } from '../connection.ts';
import { headOf, type LogRow, requireLog } from '../log-row.ts';
import type { Tables } from '../tables.ts';
import { asBinary } from './binary-list.ts';

export interface CopiedLogOptions {
  readonly sha256: Sha256;
  /** True for a pool whose driver is known to send bytes as they are. */
  readonly sendsBinary: boolean;
}

/** A log inside of the transaction that copies it. Nobody else writes it meanwhile: its lock is held. */
export class CopiedLog {
  readonly #session: Session;
  readonly #tables: Tables;
  readonly #options: CopiedLogOptions;
  /** As the written pages leave it; its row follows when something else looks at it. */
  #log: LogRow;
  #isRowBehind = false;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(session: Session, tables: Tables, log: LogRow, options: CopiedLogOptions) {
    this.#session = session;
    this.#tables = tables;
    this.#log = log;
    this.#options = options;
  }

  /** Returns before the page is written, and rejects with what went wrong with the one before. */
  async write(part: CommitPart): Promise<void> {
    const { seq, epoch, kind, hasStrayIds } = this.#log;
    const plan = planPlainAppend(part, { seq, epoch, kind, mayHoldStrayIds: hasStrayIds });
    if (plan === null) return this.#writeWhole(part);
    const { sha256, sendsBinary } = this.#options;
    const hashes = chainBytes(this.#log.hash, plan.rows, sha256);
    const lists = eventLists(plan.rows, null);
    const values = sendsBinary ? lists.map(asBinary) : lists;
    await this.#underWay;
    const insert = `SELECT ${this.#tables.call('insert_events')}($1, $2, $3, ${parameters(4, listTypes)})`;
    this.#underWay = this.#session.rows(insert, this.#log.number, seq, hashes, ...values);
    // It is waited for with the next page, and the page may be what fails.
    this.#underWay.catch(() => undefined);
    this.#log = { ...this.#log, seq: plan.headSeq, hash: hashes.subarray(-32).toString('hex') };
    this.#isRowBehind = true;
  }

  /** Resolves when everything is written. */
  async head(): Promise<Head> {
    await this.#catchUp();
    return headOf(this.#log);
  }

  async #writeWhole(part: CommitPart): Promise<void> {
    await this.#catchUp();
    await commitWhole(this.#session, this.#tables, { parts: [part], records: [] }, this.#options.sha256);
    this.#log = await requireLog(this.#session, this.#tables, this.#log.id, 'copyIn');
  }

  async #catchUp(): Promise<void> {
    await this.#underWay;
    if (!this.#isRowBehind) return;
    const { number, seq, hash } = this.#log;
    const move = `UPDATE ${this.#tables.logs} SET seq = $2, hash = $3 WHERE log = $1`;
    await this.#session.rows(move, number, seq, Buffer.from(hash, 'hex'));
    this.#isRowBehind = false;
  }
}
