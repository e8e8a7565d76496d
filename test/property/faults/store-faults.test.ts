/**
 * The store fails, hangs or answers late at every single call of a scripted run: the program ends in one of the states that
 * the docs list, memory is never ahead of the log, and the next load goes on to the same end.
 */
import { type LogEvent, RuntimeClosedError } from 'runlog';
import type { LogStore, StoredEvent } from 'runlog/log';
import type { Runtime } from 'runlog/runtime';
import { describe, expect, it } from 'vitest';
import { graphJson, replayed } from '../../harness/graph-json.ts';
import { type Fault, faultyStore, faults, FaultSwitch, type PortMethod } from '../../harness/faulty-store.ts';
import { type MemoryPlace, memoryPlace } from '../../harness/memory-store.ts';
import { listedStates, type Seen, stateOf } from './end-states.ts';
import { forkId, runId, Script, type Step, steps, type Witness } from './scripted-run.ts';
import { type Outcome, outcomeOf } from './turns.ts';

const done: Outcome<unknown> = { kind: 'done', value: undefined };

interface Trial {
  readonly state: string;
  readonly struck: PortMethod | null;
  readonly calls: readonly PortMethod[];
  readonly step: string;
}

/** Plays the script on a store that is struck at one call, then closes as a program would. */
async function play(place: MemoryPlace, at: number, fault: Fault): Promise<Trial> {
  const witness = new MemoryWitness(place);
  const control = new FaultSwitch(at, fault, async () => void (await other.head(runId).catch(() => null)));
  const other = faultyStore(place.open(), control);
  const script = new Script(() => faultyStore(place.open(), control), witness);
  const { step, outcome, pending, isClaimed } = await playUntilNoticed(script, place);
  const runs = [script.fork, script.run].filter((run) => run !== null);
  const worked = step?.name.endsWith('fork') === true ? script.fork : script.run;
  const isSaidToBeClosed = outcome.kind === 'refused' && outcome.error instanceof RuntimeClosedError;
  const command =
    step?.kind === 'works' && isSaidToBeClosed && worked !== null
      ? await outcomeOf(worked.emit('late'))
      : null;
  const closing = step === null ? null : await closeAll(runs);
  const afterClosing = outcome.kind === 'waits' ? await outcomeOf(pending) : outcome;
  for (const run of runs) await witness.checkGraph(run);
  const seen: Seen = { step, outcome, closing, afterClosing, command, isClaimed };
  witness.check();
  return { state: stateOf(seen), struck: control.struck, calls: control.calls, step: step?.name ?? 'end' };
}

interface Noticed {
  readonly step: Step | null;
  readonly outcome: Outcome<unknown>;
  readonly pending: Promise<unknown>;
  /** True when a run was still held by somebody after it had been closed. */
  readonly isClaimed: boolean;
}

async function playUntilNoticed(script: Script, place: MemoryPlace): Promise<Noticed> {
  let isClaimed = false;
  for (const step of steps) {
    const pending = step.act(script);
    const outcome = await outcomeOf(pending);
    if (outcome.kind !== 'done') return { step, outcome, pending, isClaimed };
    const closed = step.name.endsWith('fork') ? forkId : runId;
    if (step.kind === 'closes') isClaimed ||= (await place.open().info(closed))?.owner !== null;
  }
  return { step: null, outcome: done, pending: Promise.resolve(), isClaimed };
}

async function closeAll(runs: readonly Runtime[]): Promise<Outcome<unknown>> {
  const outcomes = [];
  for (const run of runs) outcomes.push(await outcomeOf(run.close()));
  return outcomes.find(({ kind }) => kind === 'waits') ?? outcomes.at(-1) ?? done;
}

/** Looks into the log at the moment at which something is seen outside. */
class MemoryWitness implements Witness {
  readonly #place: MemoryPlace;
  readonly #wrong: string[] = [];
  readonly #told = new Map<string, LogEvent[]>();

  constructor(place: MemoryPlace) {
    this.#place = place;
  }

  readonly outside = (what: string): void => {
    const answered = what.replace('requested', 'responded');
    const logs = [...this.#place.database.logs.values()];
    const isAsked = logs.some(({ rows }) => {
      const count = (type: string): number => [...rows].filter((row) => row.type === type).length;
      return count(what) > count(answered);
    });
    if (!isAsked) this.#wrong.push(`${what} is not in the log while the outside is asked`);
  };

  readonly told = (id: string, events: readonly LogEvent[]): void => {
    this.#told.set(id, [...(this.#told.get(id) ?? []), ...events]);
    const log = this.#place.database.logs.get(id);
    for (const event of events) {
      const row = log?.rows.at(event.seq - log.base.seq - 1);
      if (row?.id !== event.id || row.type !== event.type) this.#wrong.push(`told of ${event.id} too early`);
    }
  };

  /** The graph that the program still holds is the graph of a beginning of the log. */
  async checkGraph(run: Runtime): Promise<void> {
    const events = await storedEvents(this.#place.open(), run.runId);
    const beginnings = events.map((_, index) => graphJson(replayed(events.slice(0, index + 1))));
    expect([graphJson(replayed([])), ...beginnings]).toContainEqual(graphJson(run.graph));
  }

  check(): void {
    expect(this.#wrong).toEqual([]);
  }
}

async function storedEvents(store: LogStore, id: string): Promise<LogEvent[]> {
  const rows: StoredEvent[] = [];
  if ((await store.info(id)) === undefined) return [];
  for await (const page of store.read(id)) rows.push(...page);
  return rows.map(({ payload, ...row }) => ({ ...row, payload: JSON.parse(payload) as LogEvent['payload'] }));
}

async function ends(place: MemoryPlace): Promise<readonly string[]> {
  const store = place.open();
  return Promise.all([runId, forkId].map(async (id) => `${id} ${(await store.head(id)).hash}`));
}

async function undisturbed(): Promise<{
  readonly calls: readonly PortMethod[];
  readonly ends: readonly string[];
}> {
  const place = memoryPlace();
  const { calls, state } = await play(place, Number.POSITIVE_INFINITY, 'fails');
  expect(state).toBe('unnoticed');
  return { calls, ends: await ends(place) };
}

const tried = new Map<Fault, Promise<readonly Trial[]>>();

/** The same for whoever asks: a store that strikes at every call is played once for each fault. */
async function trials(fault: Fault): Promise<readonly Trial[]> {
  const known = tried.get(fault) ?? tryEachCall(fault);
  tried.set(fault, known);
  return known;
}

/** What a trial with each call left, and where the run ended when it was gone on with on a sound store. */
async function tryEachCall(fault: Fault): Promise<readonly Trial[]> {
  const whole = await undisturbed();
  const all: Trial[] = [];
  for (let at = 1; at <= whole.calls.length; at += 1) {
    const place = memoryPlace();
    const trial = await play(place, at, fault);
    const where = `${fault} at call ${at}, ${trial.struck ?? '-'}, in step '${trial.step}'`;
    expect(listedStates(), where).toContain(trial.state);
    place.lapse();
    await play(place, Number.POSITIVE_INFINITY, 'fails');
    expect(await ends(place), where).toEqual(whole.ends);
    all.push(trial);
  }
  return all;
}

describe.each(faults)('a store that %s at any one call', (fault) => {
  it('leaves the program in a state that the docs list, and the log ready to be gone on with', async () => {
    const struck = new Set((await trials(fault)).map(({ struck: method }) => method));
    for (const method of ['create', 'info', 'records', 'read', 'get', 'fork', 'head', 'commit', 'logs'])
      expect(struck).toContain(method);
    for (const method of ['acquire', 'release', 'close']) expect(struck).toContain(method);
  });
});

it('the docs list no state that no fault leads to', async () => {
  const reached = new Set<string>();
  for (const fault of faults) for (const { state } of await trials(fault)) reached.add(state);
  expect([...reached].sort()).toEqual([...listedStates()].sort());
});
