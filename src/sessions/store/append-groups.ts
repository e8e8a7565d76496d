/**
 * Decides which appends share a commit: those of one session that are asked for through one handle in the same breath, or while a commit
 * of that session is under way, because a durable commit costs the same for one event and for a thousand. Each is answered by itself.
 */
import { StoreClosedError, StoreUnavailableError, UnknownCommitError } from '../../log/index.ts';
import type { SessionEvent } from '../model/session-event.ts';
import type { TakenEvent } from './event-row.ts';

type Write = (events: readonly TakenEvent[]) => Promise<readonly SessionEvent[]>;

interface Job {
  readonly events: readonly TakenEvent[];
  readonly resolve: (stored: readonly SessionEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/** The appends of one session. */
interface Line {
  waiting: Job[];
  underWay: number;
}

const groupLimits = { events: 1000, characters: 4 * 1024 * 1024 } as const;

export class AppendGroups {
  readonly #write: Write;
  readonly #lines = new Map<string, Line>();

  constructor(write: Write) {
    this.#write = write;
  }

  /** Resolves with the events as they are stored. Rejects with what the store says to these events, never for those of others. */
  append(events: readonly TakenEvent[]): Promise<readonly SessionEvent[]> {
    const sessionIds = new Set(events.map(({ sessionId }) => sessionId));
    const [sessionId, another] = sessionIds;
    if (sessionId === undefined || another !== undefined) {
      for (const each of sessionIds) this.issue(each);
      return this.#write(events);
    }
    return new Promise((resolve, reject) => {
      const line = this.#lines.get(sessionId) ?? { waiting: [], underWay: 0 };
      this.#lines.set(sessionId, line);
      line.waiting.push({ events, resolve, reject });
      // Whoever asks in the same breath comes along.
      if (line.waiting.length === 1) void Promise.resolve().then(() => this.#sendNext(sessionId, line));
    });
  }

  /** Hands what waits to the store at once: whatever is asked of the store from here on stands behind it. */
  issue(sessionId: string): void {
    const line = this.#lines.get(sessionId);
    if (line === undefined) return;
    while (line.waiting.length > 0) this.#send(sessionId, line);
  }

  issueAll(): void {
    for (const sessionId of this.#lines.keys()) this.issue(sessionId);
  }

  #sendNext(sessionId: string, line: Line): void {
    if (line.underWay > 0) return;
    if (line.waiting.length > 0) this.#send(sessionId, line);
    else this.#lines.delete(sessionId);
  }

  #send(sessionId: string, line: Line): void {
    const group = takeGroup(line);
    line.underWay += 1;
    void this.#answer(group).then(() => {
      line.underWay -= 1;
      this.#sendNext(sessionId, line);
    });
  }

  /** Never rejects. */
  async #answer(group: readonly Job[]): Promise<void> {
    try {
      const stored = await this.#write(group.flatMap(({ events }) => events));
      let done = 0;
      for (const { events, resolve } of group) resolve(stored.slice(done, (done += events.length)));
    } catch (error) {
      if (group.length === 1 || isOfAll(error)) for (const { reject } of group) reject(error);
      // The store has refused somebody's events, and so has written nothing: each has an answer of its own coming.
      else for (const job of group) await this.#answer([job]);
    }
  }
}

function takeGroup(line: Line): readonly Job[] {
  let count = 0;
  let events = 0;
  let characters = 0;
  for (const job of line.waiting) {
    events += job.events.length;
    for (const { row } of job.events) characters += row.payload.length + (row.metadata?.length ?? 0);
    if (count > 0 && (events > groupLimits.events || characters > groupLimits.characters)) break;
    count += 1;
  }
  return line.waiting.splice(0, count);
}

/** What befalls the store befalls everybody who has asked, and asking again for each would only take longer. */
function isOfAll(error: unknown): boolean {
  return (
    error instanceof StoreUnavailableError ||
    error instanceof UnknownCommitError ||
    error instanceof StoreClosedError
  );
}
