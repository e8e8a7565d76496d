/** Decides what two loads are compared by: everything that a loaded run knows, its graph in every order in which it is read. */
import { readerOf, type Tables } from 'runlog/graph';
import type { LoadedRun, RunState } from 'runlog/runtime';

export function wholeOf({ state, tables }: LoadedRun): object {
  return { ...stateOf(state), graph: graphOf(tables) };
}

export function stateOf(state: RunState): object {
  const { counters, usage, approvals, failures, packs, settingOverrides, lastStop } = state;
  const awaited = state.schedule.eventIds();
  return {
    ...{ seq: state.seq, eventNumber: state.eventNumber, frameId: state.frameId, open: state.open },
    ...{ counters, usage: Object.entries(usage), failures, packs, settingOverrides, lastStop },
    approvals: [...approvals],
    schedule: state.schedule.entries(),
    due: state.schedule.due(usage.events + 2),
    queue: state.queue.logged(),
    depth: state.queueDepth,
    recent: state.recent.last(1000),
    chains: state.failureChains.needed(state.queue.loggedSeq, (id) => awaited.has(id)),
  };
}

export function graphOf(tables: Tables): object {
  const graph = readerOf(tables);
  const objects = graph.objects();
  const types = (elements: readonly { readonly type: string }[]): string[] => [
    ...new Set(elements.map(({ type }) => type)),
  ];
  return {
    objects,
    relations: graph.relations(),
    patches: graph.patches(),
    byType: types(objects).map((type) => graph.objects(type)),
    relationsByType: types(graph.relations()).map((type) => graph.relations({ type })),
    relationsOf: objects.map(({ id }) => [...tables.relationsOf(id)]),
    text: JSON.stringify([objects, graph.relations(), graph.patches()]),
  };
}
