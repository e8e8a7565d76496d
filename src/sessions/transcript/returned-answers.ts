/**
 * Decides which runs have returned an answer that they did not tell: their rows have it, and no event. What another agent told before a
 * failover, or a process that died, is not the telling of the one that answered.
 */
import { checkArguments, type JsonValue } from '../../base/index.ts';
import type { Execution } from '../model/execution.ts';
import type { SessionEvent } from '../model/session-event.ts';

/** Where the answers of runs are read. */
export interface AnswerSource {
  /** The row of a run; `null` for one that has none. */
  readonly runOf: (runId: string) => Promise<Execution | null>;
  /** Whether a run had told before the first event that is taken; without it, all events are taken. */
  readonly hadTold?: (runId: string) => Promise<boolean>;
}

/** Takes events in their order. */
export class ReturnedAnswers {
  readonly #source: AnswerSource;
  readonly #told = new Map<string, boolean>();

  constructor(source: AnswerSource) {
    checkArguments('ReturnedAnswers', { source: [source, 'with runOf'] });
    this.#source = source;
  }

  /** What the run returned that ends with this event, where it told nothing; `null` otherwise. */
  async behind(event: SessionEvent): Promise<string | null> {
    const { runId, type } = event;
    if (runId === null) return null;
    const told = tellsAfter(event);
    if (told !== null) this.#told.set(runId, told);
    if (type !== 'run_completed') return null;
    const { runOf, hadTold } = this.#source;
    const hasTold = this.#told.get(runId) ?? (await hadTold?.(runId)) ?? false;
    this.#told.delete(runId);
    return hasTold ? null : answerOf((await runOf(runId))?.output?.['content']);
  }
}

/** Whether a run has told an answer after this event; `null` where the event says nothing of it. */
export function tellsAfter({ type, data }: SessionEvent): boolean | null {
  if (type === 'message_received' || type === 'message_streamed') return true;
  const isAnew = type === 'error_recovered' && data['reason'] === 'owner_gone';
  const isOther = type === 'error_occurred' && typeof data['failover_to'] === 'string';
  return isAnew || isOther ? false : null;
}

/** Blocks of a vendor are written as JSON, as those of a message are. */
function answerOf(content: JsonValue | undefined): string | null {
  if (content === undefined || content === null || content === '') return null;
  return typeof content === 'string' ? content : JSON.stringify(content);
}
