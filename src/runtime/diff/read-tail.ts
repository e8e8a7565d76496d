/**
 * Decides what is kept of what a run did behind the equal past: of each event what it is compared by, and the payload only where it
 * is about the graph. Prompts and answers, the bulk of most runs, are let go page by page.
 */
import { decodeEvent, isComparedAway, type LogEvent, type LogInfo, type LogStore } from '../../log/index.ts';
import { type ComparedEvent, comparedEvent } from './compared-event.ts';
import type { IdNumbers } from './id-numbers.ts';
import { type SideUsage, UsageSum } from './side-usage.ts';

export interface Tail {
  /** The events that count as differences, in order. */
  readonly events: readonly ComparedEvent[];
  /** How often each thing was written down about the course of the loop. */
  readonly course: ReadonlyMap<string, number>;
  readonly usage: SideUsage;
}

/** Up to the head as it was when the comparison began: a run may go on meanwhile. */
export async function readTail(
  store: LogStore,
  { id, head }: LogInfo,
  { after, ids }: { readonly after: number; readonly ids: IdNumbers },
): Promise<Tail> {
  const events: ComparedEvent[] = [];
  const course = new Map<string, number>();
  const usage = new UsageSum();
  const take = (event: LogEvent): void => {
    const compared = comparedEvent(event, ids);
    usage.add(event);
    if (isComparedAway(event.type)) course.set(compared.text, (course.get(compared.text) ?? 0) + 1);
    else events.push(compared);
  };
  if (after < head.seq) {
    for await (const page of store.read(id, { after, before: head.seq + 1, bare: true }))
      for (const stored of page) take(decodeEvent(stored, id));
  }
  return { events, course, usage: usage.total };
}
