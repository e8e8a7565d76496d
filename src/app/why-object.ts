/** Decides how it is found out why an object of a stored run is there: its own events are looked for, their causes followed, reading only. */
import { checkArguments, checkOptionNames, isJsonObject, nearestNames } from '../base/index.ts';
import { type GraphObject, ObjectNotFoundError, project, Tables } from '../graph/index.ts';
import { decodeEvent, type LogEvent, type LogStore, type ReadOptions } from '../log/index.ts';
import { loadState } from '../runtime/index.ts';
import { type CausalChain, causalChain, chainLookup } from '../view/index.ts';
import { chooseRun } from './choose-run.ts';
import type { Inspected, InspectOptions } from './inspect/inspect-run.ts';
import { nodePlatform } from './node-platform.ts';
import { withStore } from './with-store.ts';

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ runId: true, objectId: true } satisfies Record<
  keyof Parameters<typeof whyObject>[1],
  true
>);

/**
 * The causal chain of an object, up to the goal, and its patches. Reads the events that name the object and those that led to it, and computes
 * no hashes: damage elsewhere is not told. Rejects with `RunNotFoundError`, `ObjectNotFoundError`, and the errors of a history that cannot be read.
 */
export async function whyObject(
  url: string,
  options: InspectOptions & { readonly objectId: string },
): Promise<Inspected<CausalChain>> {
  checkArguments('whyObject', { url: [url, 'text'], options: [options, 'object'] });
  checkOptionNames('whyObject', options, optionNames);
  const { objectId } = options;
  return withStore(url, 'read', async (store) => {
    const { info, isNewest } = await chooseRun(store, options.runId);
    const { id: runId } = info;
    const { object, events } = await historyOf(store, runId, objectId);
    const chain = await causalChain(
      {
        ...chainLookup(() => object, events),
        event: async (id) => {
          const stored = await store.get(runId, id);
          return stored === undefined ? undefined : decodeEvent(stored, runId);
        },
        answerTo: async (requestId) => answerTo(store, runId, requestId),
        nextTurn: async (request) => nextTurn(store, runId, request),
      },
      objectId,
    );
    if (chain === null) throw await noSuchObject(store, runId, objectId);
    return { runId, isNewest, value: chain };
  });
}

const objectTypes = ['object.created', 'object.removed', 'patch.applied'];

/** An object as the log leaves it, and the events that may name it. Only these are parsed. */
async function historyOf(
  store: LogStore,
  runId: string,
  objectId: string,
): Promise<{ readonly object: GraphObject | undefined; readonly events: readonly LogEvent[] }> {
  const word = JSON.stringify(objectId);
  const tables = new Tables();
  const events: LogEvent[] = [];
  for await (const page of store.read(runId, { types: objectTypes })) {
    for (const stored of page) {
      if (!mayName(stored.payload, word)) continue;
      const event = decodeEvent(stored, runId);
      if (!names(event, objectId)) continue;
      project(tables, event.type, event.payload);
      events.push(event);
    }
  }
  return { object: tables.object(objectId), events };
}

/** Also a text with escapes, which may spell the word otherwise, and one that was cut off, which is to be told. */
function mayName(payload: string, word: string): boolean {
  const isWhole = payload.startsWith('{') && payload.endsWith('}');
  return !isWhole || payload.includes(word) || payload.includes('\\');
}

function names({ payload }: LogEvent, objectId: string): boolean {
  const { id, object, patch } = payload;
  return [
    id,
    isJsonObject(object) ? object['id'] : null,
    isJsonObject(patch) ? patch['target'] : null,
  ].includes(objectId);
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

/** Names the objects that are there: for that the whole graph is made. */
async function noSuchObject(store: LogStore, runId: string, objectId: string): Promise<Error> {
  const reading = { snapshots: nodePlatform, wantsGraph: nodePlatform };
  const { tables } = await loadState(store, runId, reading);
  const ids = Array.from(tables.objects(), ({ id }) => id);
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
