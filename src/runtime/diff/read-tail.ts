/**
 * Decides what is kept of what a run did behind the equal past: of each event a reference and the text that it is compared by,
 * and the payload only where it is about the graph. Prompts and answers, the bulk of most runs, are let go page by page.
 */
import { decodeEvent, isComparedAway, type LogEvent, type LogInfo, type LogStore } from '../../log/index.ts';
import { comparedChange } from './compared-event.ts';
import type { EventRef } from './run-diff.ts';
import { type SideUsage, UsageSum } from './side-usage.ts';
import { changesGraph, type GraphEvent } from './touched-element.ts';

export interface Tail {
  /** The events that count as differences, in order. */
  readonly events: readonly EventRef[];
  /** What each of them did. */
  readonly texts: readonly string[];
  /** How often each thing was written down about the course of the loop. */
  readonly course: ReadonlyMap<string, number>;
  /** The events that made, changed or removed elements. */
  readonly graphEvents: readonly GraphEvent[];
  readonly usage: SideUsage;
}

/** Up to the head as it was when the comparison began: a run may go on meanwhile. */
export async function readTail(store: LogStore, { id, head }: LogInfo, after: number): Promise<Tail> {
  const events: EventRef[] = [];
  const texts: string[] = [];
  const course = new Map<string, number>();
  const graphEvents: GraphEvent[] = [];
  const usage = new UsageSum();
  const take = (event: LogEvent): void => {
    const { text, payload } = comparedChange(event);
    usage.add(event);
    if (isComparedAway(event.type)) {
      course.set(text, (course.get(text) ?? 0) + 1);
      return;
    }
    const { id, seq, type, actor } = event;
    texts.push(text);
    events.push({ id, seq, type, actor });
    if (changesGraph(type)) graphEvents.push({ id, seq, type, actor, payload });
  };
  if (after < head.seq) {
    for await (const page of store.read(id, { after, before: head.seq + 1 }))
      for (const stored of page) take(decodeEvent(stored, id));
  }
  return { events, texts, course, graphEvents, usage: usage.total };
}
