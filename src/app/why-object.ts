/** Decides how it is found out why an object of a stored run is there: its events are followed one at a time, reading only. */
import { checkArguments, nearestNames } from '../base/index.ts';
import { type GraphObject, ObjectNotFoundError, readerOf } from '../graph/index.ts';
import { decodeEvent, type LogEvent, type LogStore, type ReadOptions } from '../log/index.ts';
import { loadState } from '../runtime/index.ts';
import { type CausalChain, causalChain } from '../view/index.ts';
import { chooseRun } from './choose-run.ts';
import type { Inspected, InspectOptions } from './inspect/inspect-run.ts';
import { nodePlatform } from './node-platform.ts';
import { withStore } from './with-store.ts';

/**
 * The causal chain of an object, up to the goal. Begins with the newest snapshot, and computes no hashes. Rejects with
 * `RunNotFoundError`, `ObjectNotFoundError`, and the errors of a history that cannot be read.
 */
export async function whyObject(
  url: string,
  options: InspectOptions & { readonly objectId: string },
): Promise<Inspected<CausalChain>> {
  checkArguments('whyObject', { url: [url, 'text'], options: [options, 'object'] });
  const { objectId } = options;
  return withStore(url, 'read', async (store) => {
    const { info, isNewest } = await chooseRun(store, options.runId);
    const { id: runId } = info;
    const graph = readerOf(
      (await loadState(store, runId, { snapshots: nodePlatform, wantsGraph: nodePlatform })).tables,
    );
    const chain = await causalChain(
      {
        object: (id) => graph.object(id),
        creationOf: async (id) => creationOf(store, runId, id),
        event: async (id) => {
          const stored = await store.get(runId, id);
          return stored === undefined ? undefined : decodeEvent(stored, runId);
        },
        answerTo: async (requestId) => answerTo(store, runId, requestId),
        nextTurn: async (request) => nextTurn(store, runId, request),
      },
      objectId,
    );
    if (chain === null) throw noSuchObject(runId, objectId, graph.objects());
    return { runId, isNewest, value: chain };
  });
}

/** Only what may name the object is parsed: a text without escapes spells each of its words out. */
async function creationOf(store: LogStore, runId: string, objectId: string): Promise<LogEvent | undefined> {
  const word = JSON.stringify(objectId);
  for await (const page of store.read(runId, { types: ['object.created'] })) {
    for (const stored of page) {
      if (!stored.payload.includes(word) && !stored.payload.includes('\\')) continue;
      const event = decodeEvent(stored, runId);
      if (event.payload['id'] === objectId) return event;
    }
  }
  return undefined;
}

async function answerTo(store: LogStore, runId: string, requestId: string): Promise<LogEvent | undefined> {
  const request = await store.get(runId, requestId);
  const options = { after: request?.seq ?? 0, types: ['llm.responded', 'tool.responded'] };
  return first(store, runId, options, ({ causedBy }) => causedBy === requestId);
}

/** Behind the end of the invocation there is none, so the rest of the log is not looked through. */
async function nextTurn(store: LogStore, runId: string, request: LogEvent): Promise<LogEvent | undefined> {
  const { id, seq, payload } = request;
  const options = { after: seq, types: ['llm.requested', 'behavior.completed', 'behavior.failed'] };
  const isEnd = (event: LogEvent): boolean =>
    event.type !== 'llm.requested' && event.payload['behavior'] === payload['behavior'];
  const found = await first(store, runId, options, (event) => event.causedBy === id || isEnd(event));
  return found?.type === 'llm.requested' ? found : undefined;
}

async function first(
  store: LogStore,
  runId: string,
  options: ReadOptions,
  isWanted: (event: LogEvent) => boolean,
): Promise<LogEvent | undefined> {
  for await (const page of store.read(runId, options)) {
    for (const stored of page) {
      const event = decodeEvent(stored, runId);
      if (isWanted(event)) return event;
    }
  }
  return undefined;
}

function noSuchObject(runId: string, objectId: string, objects: readonly GraphObject[]): Error {
  const ids = objects.map(({ id }) => id);
  const near = nearestNames(objectId, ids);
  const listed = (near.length > 0 ? near : ids.slice(0, 6)).join(', ');
  return new ObjectNotFoundError({
    summary: `object '${objectId}' not found in run '${runId}'`,
    whatFailed: `It was asked why '${objectId}' is there, and the graph of run '${runId}' has no such object.`,
    why: 'A reason for what is not there would be an invention.',
    howToFix:
      ids.length === 0
        ? 'The run has no objects: `runlog inspect URL --run-id RUN`.'
        : `${near.length > 0 ? 'Did you mean' : 'The run has'}: ${listed}. \`runlog export-trace URL --run-id RUN\` shows how each was made.`,
    context: { run_id: runId, object_id: objectId },
  });
}
