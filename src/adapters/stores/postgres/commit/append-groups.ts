/**
 * Decides which appends share a statement: small ones that wait while others are under way do, because a commit costs the server
 * the same for one log and for sixteen. Each is told its own result; large ones go at once, each on a connection of its own.
 */

import { textOrNull } from '../../../../log/index.ts';
import type { Cell, PostgresConnection } from '../connection.ts';
import { parameters } from './event-lists.ts';
import type { Tables } from '../tables.ts';

export interface PlainCall {
  readonly logId: string;
  readonly recordIds: readonly string[];
  readonly events: number;
  /** The arguments of `append_events`. */
  readonly values: readonly Cell[];
}

interface Job {
  readonly call: PlainCall;
  readonly resolve: (answer: string | null) => void;
  readonly reject: (error: unknown) => void;
}

const limits = { underWay: 2, calls: 32, events: 200, largeEvents: 50 } as const;

export class AppendGroups {
  readonly #connection: PostgresConnection;
  readonly #tables: Tables;
  readonly #types: readonly string[];
  #waiting: Job[] = [];
  #underWay = 0;

  /** `types` are those of the arguments. */
  constructor(connection: PostgresConnection, tables: Tables, types: readonly string[]) {
    this.#connection = connection;
    this.#tables = tables;
    this.#types = types;
  }

  /** The answer of the function. No two calls that are under way may be about the same log or document. */
  async append(call: PlainCall): Promise<string | null> {
    if (call.events >= limits.largeEvents) {
      const [answer] = await this.#send([call]);
      return answer ?? null;
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      // Whoever asks in the same breath comes along.
      queueMicrotask(() => this.#sendWaiting());
    });
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0 && this.#underWay < limits.underWay) {
      const group = this.#takeGroup();
      this.#underWay += 1;
      void this.#answer(group).finally(() => {
        this.#underWay -= 1;
        this.#sendWaiting();
      });
    }
  }

  #takeGroup(): readonly Job[] {
    let events = 0;
    let count = 0;
    for (const { call } of this.#waiting) {
      if (count > 0 && (events + call.events > limits.events || count >= limits.calls)) break;
      events += call.events;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #answer(group: readonly Job[]): Promise<void> {
    try {
      const answers = await this.#send(group.map(({ call }) => call));
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] ?? null);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  /** One statement, one transaction. No answers when something was in the way of one of them: nothing was written then. */
  async #send(calls: readonly PlainCall[]): Promise<readonly (string | null)[]> {
    const { call: nameOf } = this.#tables;
    const append = nameOf('append_events');
    const width = this.#types.length;
    const isGroup = calls.length > 1;
    const offset = isGroup ? 3 : 1;
    const columns = calls.map((_, index) => `${append}(${parameters(offset + index * width, this.#types)})`);
    // All locks first, in their order: two groups that meet halfway would wait for each other for ever.
    const locks = isGroup ? [`${nameOf('lock_group')}($1::text[], $2::text[])`] : [];
    const ids = isGroup ? [calls.map(({ logId }) => logId), calls.flatMap(({ recordIds }) => recordIds)] : [];
    const values = [...ids, ...calls.flatMap((call) => call.values)];
    const [row] = await this.#connection.commitRows(`SELECT ${[...locks, ...columns].join(', ')}`, ...values);
    return row === undefined ? [] : row.slice(locks.length).map(textOrNull);
  }
}
