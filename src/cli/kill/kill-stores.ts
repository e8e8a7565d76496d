/**
 * Decides how the cases that kill are run: for every write of a small life, processes that are killed with SIGKILL before it, in the
 * middle of it and after its acknowledgement, each on a place of its own; then one process that asks what they left.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { loadSessionStoreMaker, loadStoreMaker } from '../../app/index.ts';
import {
  type CaseResult,
  type KillKit,
  killKits,
  type KillPort,
  type KillVerdict,
  type ProcessPlaces,
  reportOf,
  type StoreReport,
} from '../../conformance/index.ts';
import type { StoreCapabilities } from '../../log/index.ts';
import type { Kill, KillRequest, PlacedDeath } from './kill-request.ts';

export interface KillStoresOptions {
  /** The command line of a child, to which the request is added. */
  readonly child: readonly string[];
  /** What the stores are; `store` by default. */
  readonly port?: KillPort;
  /** Only at these writes, counted from 1; at all of them by default. */
  readonly writes?: readonly number[];
  readonly signal?: AbortSignal;
}

/** Where in the middle: shares of the time that the write took when nobody was killed. */
const middles = [0.25, 0.5, 0.75] as const;
const atATime = 2;

type Places = Pick<ProcessPlaces, 'make' | 'destroy'>;

/** Runs the cases that need processes on the store maker that a module exports. Rejects as `loadStoreMaker` does. */
export async function killStores(module: string, options: KillStoresOptions): Promise<StoreReport> {
  const { port = 'store' } = options;
  const kit = killKits[port];
  const maker = port === 'store' ? await loadStoreMaker(module) : await loadSessionStoreMaker(module);
  const { processes = null } = maker;
  const harness = new Harness(processes, kit, options);
  let capabilities: StoreCapabilities | null = null;
  let found: readonly KillVerdict[];
  try {
    const rehearsal = await harness.rehearse();
    ({ capabilities } = rehearsal);
    found =
      capabilities.durability !== 'memory' && processes === null
        ? all(
            kit,
            `it declares durability '${capabilities.durability}', and its maker has no \`processes\`: no other process can open it`,
          )
        : [
            ...(await harness.judge(await harness.killAll(capabilities, rehearsal.tookUs))),
            ...(await harness.writeTogether(capabilities)),
          ];
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    found = all(kit, error instanceof Error ? error.message : String(error));
  } finally {
    await harness.removeAll();
  }
  return reportOf(maker.name, capabilities, 1, resultsOf(kit, found, capabilities));
}

/** What holds for every case, because none of them could be asked. */
function all({ cases }: KillKit, failure: string): readonly KillVerdict[] {
  return cases.map(({ id }) => ({ id, failure }));
}

/** One row a case. Of its failures the first few are told: one mistake fails at many moments. */
function resultsOf(
  kit: KillKit,
  found: readonly KillVerdict[],
  capabilities: StoreCapabilities | null,
): readonly CaseResult[] {
  return kit.cases.map(({ id, group, why }) => {
    const failures = found.flatMap((verdict) =>
      verdict.id === id && verdict.failure !== null ? [verdict.failure] : [],
    );
    const rest = failures.length > 3 ? [`and at ${failures.length - 3} moments more`] : [];
    return {
      id,
      group,
      why,
      kind: capabilities === null ? 'promise' : kit.kindOf(id, capabilities),
      ok: failures.length === 0,
      failure: failures.length === 0 ? null : [...failures.slice(0, 3), ...rest].join('\n'),
      timedOut: false,
    };
  });
}

/** Every moment at which a process is killed. A store in memory has nothing to lose but everything, once. */
function momentsOf(capabilities: StoreCapabilities, tookUs: readonly number[]): readonly Kill[] {
  if (capabilities.durability === 'memory') return [{ write: tookUs.length, when: 'after', delayUs: 0 }];
  return tookUs.flatMap((us, index): Kill[] => [
    { write: index + 1, when: 'before', delayUs: 0 },
    ...middles.map((share): Kill => ({ write: index + 1, when: 'middle', delayUs: Math.round(us * share) })),
    { write: index + 1, when: 'after', delayUs: 0 },
  ]);
}

function wordsOf({ write, when, delayUs }: Kill, names: readonly string[]): string {
  const name = names[write - 1] ?? 'nothing';
  const at =
    when === 'middle' ? `${delayUs} us into` : when === 'before' ? 'before' : 'after the acknowledgement of';
  return `killed ${at} write ${write}, ${name}`;
}

const capabilitiesShape = z.object({
  durability: z.enum(['memory', 'process', 'power']),
  shared: z.boolean(),
  atomicCommit: z.boolean(),
});
const verdictsShape = z.array(z.object({ id: z.string(), failure: z.string().nullable() }));
const unopenedShape = z.object({ unopened: z.string() });

class Harness {
  readonly #places: Places | null;
  readonly #kit: KillKit;
  readonly #options: KillStoresOptions;
  readonly #port: KillPort;
  readonly #addresses: string[] = [];

  constructor(places: Places | null, kit: KillKit, options: KillStoresOptions) {
    this.#places = places;
    this.#kit = kit;
    this.#options = options;
    this.#port = options.port ?? 'store';
  }

  /** A life to its end: what the store is, and how long each write took, in microseconds. */
  async rehearse(): Promise<{
    readonly capabilities: StoreCapabilities;
    readonly tookUs: readonly number[];
  }> {
    const { lines, said, signal } = await this.#run({
      mode: 'live',
      port: this.#port,
      address: await this.#newPlace(),
      kill: null,
    });
    const capabilities = lines.find(([word]) => word === 'capabilities')?.[1];
    const tookUs = lines.filter(([word]) => word === 'ack').map(([, , us]) => Number(us));
    if (capabilities === undefined || signal !== null) throw new Error(`no process could write: ${said}`);
    return { capabilities: capabilitiesShape.parse(JSON.parse(capabilities)), tookUs };
  }

  async killAll(capabilities: StoreCapabilities, tookUs: readonly number[]): Promise<readonly PlacedDeath[]> {
    const { writes } = this.#options;
    const kills = momentsOf(capabilities, tookUs).filter(({ write }) => writes?.includes(write) ?? true);
    const deaths: PlacedDeath[] = [];
    const waiting = kills.entries();
    const work = async (): Promise<void> => {
      for (const [index, kill] of waiting)
        deaths[index] = await this.#kill(kill, wordsOf(kill, this.#kit.writeNames(capabilities)));
    };
    await Promise.all(Array.from({ length: atATime }, work));
    return deaths;
  }

  async #kill(kill: Kill, moment: string): Promise<PlacedDeath> {
    const address = await this.#newPlace();
    const { lines, said, signal } = await this.#run({ mode: 'live', port: this.#port, address, kill });
    if (signal !== 'SIGKILL') throw new Error(`a process that was to be ${moment} ended before: ${said}`);
    const last = (word: string): number => Number(lines.findLast(([first]) => first === word)?.[1] ?? 0);
    return { address, moment, begun: last('begin'), acknowledged: last('ack') };
  }

  /** Asks in one new process, place after place. */
  async judge(deaths: readonly PlacedDeath[]): Promise<readonly KillVerdict[]> {
    const { lines, said } = await this.#run({ mode: 'judge', port: this.#port, deaths });
    if (lines.length < deaths.length)
      throw new Error(`the process that asks what is left ended before: ${said}`);
    return lines.flatMap((words) => {
      const answer: unknown = JSON.parse(words.join(' '));
      const unopened = unopenedShape.safeParse(answer);
      return unopened.success
        ? all(this.#kit, `could not be opened: ${unopened.data.unopened}`)
        : verdictsShape.parse(answer);
    });
  }

  /** Several processes write one place at once, or one after another when it is not shared; a new one asks what they have left. */
  async writeTogether({ shared }: StoreCapabilities): Promise<readonly KillVerdict[]> {
    const { writers, cases } = this.#kit;
    if (writers.length === 0) return [];
    const address = await this.#newPlace();
    const port = this.#port;
    const failed = (failure: string): readonly KillVerdict[] =>
      cases.filter(({ group }) => group === 'processes').map(({ id }) => ({ id, failure }));
    const write = async (writer: string): Promise<string | null> => {
      const { lines, said } = await this.#run({ mode: 'together', port, address, writer });
      return lines.some(([word]) => word === 'done') ? null : `process ${writer} could not write: ${said}`;
    };
    const ends: (string | null)[] = [];
    if (shared) ends.push(...(await Promise.all(writers.map(write))));
    else for (const writer of writers) ends.push(await write(writer));
    const trouble = ends.find((end) => end !== null);
    if (trouble !== undefined) return failed(trouble);
    const { lines, said } = await this.#run({ mode: 'judge together', port, address });
    const [answer] = lines;
    return answer === undefined
      ? failed(`the process that asks what is left ended before: ${said}`)
      : verdictsShape.parse(JSON.parse(answer.join(' ')));
  }

  async removeAll(): Promise<void> {
    for (const address of this.#addresses.splice(0)) await this.#places?.destroy(address);
  }

  async #newPlace(): Promise<string | null> {
    if (this.#places === null) return null;
    const address = await this.#places.make();
    this.#addresses.push(address);
    return address;
  }

  async #run(request: KillRequest): Promise<Ended> {
    const { child, signal } = this.#options;
    const [program = process.execPath, ...args] = child;
    return endOf(
      spawn(program, [...args, JSON.stringify(request)], {
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal === undefined ? {} : { signal }),
      }),
    );
  }
}

interface Ended {
  /** The words of each whole line that it said. */
  readonly lines: readonly (readonly string[])[];
  readonly signal: NodeJS.Signals | null;
  /** What it complained of. */
  readonly said: string;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const lines: (readonly string[])[] = [];
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2000);
  });
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line.split(' ')));
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, by) => resolve(by));
  });
  return { lines, signal, said: said.trim() };
}
