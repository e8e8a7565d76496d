/** Decides which runs a law is tried with: random changes, made by behaviors and by commands, some of which fail. */
import { behavior, type Behavior, relationBehavior, type Runtime } from 'runlog';
import * as fc from 'fast-check';
import type { GraphWriter } from 'runlog/graph';

/** A change of a graph; numbers choose among what is there. */
export type Action =
  | { readonly kind: 'add'; readonly type: string; readonly n: number }
  | {
      readonly kind: 'relate' | 'patch' | 'stale' | 'propose' | 'apply' | 'reject' | 'remove' | 'cut';
      readonly n: number;
    }
  | { readonly kind: 'emit'; readonly type: string; readonly n: number }
  | { readonly kind: 'fail'; readonly n: number };

export interface RandomRun {
  /** What each behavior does, and when. */
  readonly behaviors: readonly {
    readonly on: string;
    readonly actions: readonly Action[];
    readonly delay: number | null;
    readonly waits: boolean;
    readonly edges: boolean;
  }[];
  /** What comes from outside, in turn. */
  readonly commands: readonly (readonly Action[])[];
}

const n = fc.nat({ max: 7 });
const eventTypes = fc.constantFrom('step', 'hop');
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('add' as const), type: fc.constantFrom('t', 'u'), n }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('relate', 'patch', 'stale', 'propose', 'apply', 'reject', 'remove', 'cut'),
      n,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('emit' as const), type: eventTypes, n }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), n }) },
);

/** So that there is something to change, and somebody to wake. */
const preamble: readonly Action[] = [
  { kind: 'add', type: 't', n: 0 },
  { kind: 'add', type: 'u', n: 1 },
  { kind: 'relate', n: 1 },
  { kind: 'emit', type: 'step', n: 0 },
];

/** What comes from outside at once. */
export const actionsOnce: fc.Arbitrary<readonly Action[]> = fc
  .array(action, { maxLength: 4 })
  .map((actions) => [...preamble, ...actions]);

export const randomRun: fc.Arbitrary<RandomRun> = fc.record({
  behaviors: fc.array(
    fc.record({
      on: fc.constantFrom('step', 'hop', 'object.created', 'behavior.failed', 'patch.applied'),
      actions: fc.array(action, { minLength: 1, maxLength: 4 }),
      delay: fc.option(fc.integer({ min: 1, max: 3 })),
      waits: fc.boolean(),
      edges: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  commands: fc.array(actionsOnce, { minLength: 1, maxLength: 3 }),
});

/** Enough for a story, and an end for behaviors that wake each other. */
export const budget = { maxBehaviorCalls: 40 };

export function behaviorsOf(run: RandomRun): readonly Behavior[] {
  return run.behaviors.map(({ on, actions, delay, waits, edges }, index) => {
    const options = { name: `b${index}`, on, ...(delay === null ? {} : { activateAfter: delay }) };
    const act = async (graph: GraphWriter): Promise<void> => {
      if (waits) await Promise.resolve();
      act0(graph, actions);
    };
    const react = ({ graph }: { readonly graph: GraphWriter }): unknown =>
      waits ? act(graph) : act0(graph, actions);
    return edges
      ? relationBehavior({ ...options, relationType: 'r', run: react })
      : behavior({ ...options, run: react });
  });
}

/** Gives the commands one after the other, and works each off. What a command cannot do leaves no trace. */
export async function drive(run: Runtime, { commands }: RandomRun): Promise<void> {
  for (const actions of commands) {
    await run.mutate((graph) => act0(graph, actions)).catch(() => undefined);
    await run.runUntilIdle();
  }
}

function act0(graph: GraphWriter, actions: readonly Action[]): void {
  for (const each of actions) perform(graph, each);
}

function perform(graph: GraphWriter, { n: choice, ...rest }: Action): void {
  const pick = <Value>(values: readonly Value[]): Value | undefined =>
    values[choice % Math.max(1, values.length)];
  const object = pick(graph.objects());
  const relation = pick(graph.relations());
  const proposed = pick(graph.patches().filter(({ status }) => status === 'proposed'));
  if (rest.kind === 'add') graph.addObject(rest.type, { n: choice });
  else if (rest.kind === 'emit') graph.emit(rest.type, { n: choice, of: object?.id });
  else if (rest.kind === 'fail') throw new Error(`fails with ${choice}`);
  else if (rest.kind === 'apply' && proposed !== undefined) graph.applyPatch(proposed.id);
  else if (rest.kind === 'reject' && proposed !== undefined) graph.rejectPatch(proposed.id, 'chance');
  else if (rest.kind === 'cut' && relation !== undefined) graph.removeRelation(relation.id);
  else if (object !== undefined) changeObject(graph, rest.kind, object.id, choice);
}

function changeObject(graph: GraphWriter, kind: Action['kind'], id: string, choice: number): void {
  if (kind === 'relate') graph.addRelation(id, graph.objects()[0]?.id ?? id, 'r', { choice });
  else if (kind === 'patch') graph.patchObject(id, { [`f${choice % 3}`]: choice });
  else if (kind === 'stale') graph.patchObject(id, { x: choice }, { expectedVersion: choice });
  else if (kind === 'propose')
    graph.proposePatch(id, { op: choice % 2 === 0 ? 'update' : 'replace', value: { x: choice } });
  else if (kind === 'remove') graph.removeObject(id);
}
