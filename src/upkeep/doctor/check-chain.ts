/** Decides whether a log's own events are those that were written: every place, every hash, every payload, up to what its row says. */
import { isJsonObject, type JsonObject, type Sha256 } from '../../base/index.ts';
import {
  chainHash,
  damagedHistory,
  isStray,
  type LogFound,
  parseJson,
  readTombstone,
  type StoredEvent,
  type StoredRows,
} from '../../log/index.ts';
import { touchedElement } from '../../runtime/index.ts';
import type { Finding, FindingCode, Findings } from './finding.ts';
import { finding, placeOf } from './finding-texts.ts';

export interface ChainContext {
  readonly rows: StoredRows;
  readonly findings: Findings;
  readonly sha256: Sha256;
  /** Told after each page how many events it had. */
  readonly onPage: (events: number) => void;
  /** Told of each event that can be read. */
  readonly onEvent?: (event: StoredEvent) => void;
}

/** `pastHash` is the chain hash at the fork point as the run there has it; `null` when that is not known. */
export async function checkChain(
  log: LogFound,
  pastHash: string | null,
  context: ChainContext,
): Promise<void> {
  const walk = new ChainWalk(log, pastHash, context);
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const page = await context.rows.events(log, after);
    const last = page.at(-1);
    if (last === undefined) break;
    for (const event of page) {
      if (event.ok) {
        walk.take(event.row);
        context.onEvent?.(event.row);
      } else walk.unreadable(event.seq, event.problem);
    }
    if (last.seq <= after) throw goesRound(log.id, after);
    after = last.seq;
    context.onPage(page.length);
  }
  walk.end();
}

/** In a broken file the next page may begin where the last one did, for ever. */
function goesRound(logId: string, seq: number): Error {
  return damagedHistory({ logId, seq, what: 'The rows of events are not in order' });
}

class ChainWalk {
  readonly #log: LogFound;
  readonly #context: ChainContext;
  /** What may stand before the next event; more than one where two accounts disagree, none behind a hole. */
  #before: readonly string[];
  #seq: number;
  #isWhole = true;
  #unreached = 0;
  #hasStrayIds = false;

  constructor(log: LogFound, pastHash: string | null, context: ChainContext) {
    this.#log = log;
    this.#context = context;
    this.#seq = log.forkSeq;
    this.#before = [...new Set([log.forkHash, pastHash ?? log.forkHash])];
  }

  take(event: StoredEvent): void {
    if (!this.#reach(event.seq)) return;
    const hashes = this.#before.map((before) => chainHash(before, event, this.#context.sha256));
    const stored = event.hash ?? '';
    if (hashes.length === 0 || hashes.includes(stored)) {
      this.#before = [stored];
      this.#checkTexts(event);
    } else {
      this.#damage('event-changed', event.seq, `The stored hash does not belong to event '${event.id}'.`);
      this.#before = [stored, ...hashes];
    }
    this.#hasStrayIds ||= isStray(event.id, event.seq);
  }

  unreadable(seq: number, problem: string): void {
    if (!this.#reach(seq)) return;
    this.#damage('event-unreadable', seq, problem);
    this.#before = [];
  }

  end(): void {
    const { forkSeq, hasStrayIds } = this.#log;
    if (this.#unreached > 0)
      this.#damage(
        'events-unreached',
        forkSeq,
        `${this.#unreached} rows stand at or before its fork point ${forkSeq}.`,
      );
    if (this.#hasStrayIds && !hasStrayIds) {
      const what = 'Events stand under ids of other places, and the row of the run does not say so.';
      this.#add('stray-ids-unmarked', undefined, what, { kind: 'mark-stray-ids', log: this.#log });
    }
    this.#checkHead();
  }

  #checkHead(): void {
    const log = this.#log;
    const stored = this.#before[0] ?? log.hash;
    const to = { seq: this.#seq, hash: stored };
    const mend = this.#isWhole ? ({ kind: 'move-head', log, to } as const) : null;
    if (this.#seq < log.seq) {
      this.#damage(
        'head-ahead',
        this.#seq + 1,
        `The row of the run speaks of ${log.seq} events, and the last one stands at place ${this.#seq}.`,
      );
    } else if (this.#seq > log.seq) {
      const what = `The row of the run speaks of ${log.seq} events, and the last one stands at place ${this.#seq}.`;
      this.#add('head-behind', log.seq, what, mend);
    } else if (!this.#before.includes(log.hash)) {
      const what = `The row of the run has the hash ${log.hash.slice(0, 12)}, and its events end with ${stored.slice(0, 12)}.`;
      this.#add('head-hash-wrong', log.seq, what, mend);
    }
  }

  /** False for a row that nobody reads. */
  #reach(seq: number): boolean {
    if (seq <= this.#log.forkSeq) {
      this.#unreached += 1;
      return false;
    }
    if (seq > this.#seq + 1) {
      const [first, last] = [this.#seq + 1, seq - 1];
      const places = first === last ? `place ${first}` : `the places ${first} to ${last}`;
      this.#damage('events-missing', first, `Nothing stands at ${places}.`);
      this.#before = [];
    }
    this.#seq = seq;
    return true;
  }

  #checkTexts(event: StoredEvent): void {
    // What was dropped is told by its tombstone; the chain holds the hash that it keeps.
    const payload = readTombstone(event.payload) === null ? objectOf(event.payload) : {};
    if (payload === null) {
      this.#damage('payload-no-json', event.seq, `The payload of event '${event.id}' is not a JSON object.`);
      return;
    }
    if (event.metadata !== null && objectOf(event.metadata) === null)
      this.#damage('payload-no-json', event.seq, `The metadata of event '${event.id}' is not a JSON object.`);
    const touched = touchedElement(event.type, payload);
    const { subject, seq } = event;
    if (touched === null || subject === null || subject === touched) return;
    const what = `The column 'subject' of event '${event.id}' says '${subject}', and the event is about '${touched}'.`;
    this.#add('subject-wrong', seq, what, {
      kind: 'set-subject',
      log: this.#log,
      seq,
      from: subject,
      to: touched,
    });
  }

  #damage(code: FindingCode, seq: number, what: string): void {
    this.#isWhole = false;
    this.#context.findings.add(this.#found(code, seq, what));
  }

  #add(code: FindingCode, seq: number | undefined, what: string, mend: Parameters<Findings['add']>[1]): void {
    this.#context.findings.add(this.#found(code, seq, what), mend);
  }

  #found(code: FindingCode, seq: number | undefined, what: string): Finding {
    const { id: logId } = this.#log;
    return finding(code, { where: placeOf(logId, seq), logId, what, ...(seq === undefined ? {} : { seq }) });
  }
}

function objectOf(text: string): JsonObject | null {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
