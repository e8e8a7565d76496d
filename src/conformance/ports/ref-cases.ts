/**
 * Decides what is asked of a reference, `[implementation, context]`, whatever it is to: only such a pair is one, and the implementation
 * gets the context first.
 */
import { ValidationError } from '../../sessions/index.ts';
import { expectEqual, expectTrue, UnmetExpectation } from '../expect.ts';
import { type PortCase, portCases, type PortPlace } from './port-case.ts';

export interface RefSubject<Face> {
  readonly ref: readonly [implementation: object, context: unknown];
  /** Every operation of the port. */
  readonly operations: readonly string[];
  /** Opens what is behind a reference. It is handed what is no reference, too. */
  readonly open: (ref: unknown) => Face;
  /** Calls every operation once, and swallows nothing. */
  readonly callAll: (face: Face) => Promise<void>;
}

export function refCases<Place extends PortPlace, Face>(
  subjectOf: (place: Place) => RefSubject<Face>,
): readonly PortCase<Place>[] {
  return portCases<Place>('ref', {
    'only-a-pair': {
      properties: [92],
      why: 'A half of a reference that is taken fails at its first use, far from the mistake.',
      async run({ place }) {
        const { ref, operations, open } = subjectOf(place);
        open(ref);
        const [implementation, context] = ref;
        for (const [name, wrong] of wrongRefs(implementation, context, operations)) {
          const error = thrownBy(() => open(wrong));
          expectTrue(error instanceof ValidationError, `${name} is refused as no reference`);
        }
      },
    },
    'context-comes-first': {
      properties: [93],
      why: 'An implementation keeps nothing: one that is handed another context answers for another store.',
      async run({ place }) {
        const { ref, operations, open, callAll } = subjectOf(place);
        const [implementation, context] = ref;
        const heard = new Map<string, unknown>();
        const hearing = Object.fromEntries(
          operations.map((name) => [
            name,
            (...given: readonly unknown[]): unknown => {
              const operation: unknown = Reflect.get(implementation, name);
              if (typeof operation !== 'function') throw new UnmetExpectation(`'${name}' is no operation`);
              heard.set(name, given[0]);
              return Reflect.apply(operation, implementation, given);
            },
          ]),
        );
        await callAll(open([hearing, context]));
        expectEqual([...heard.keys()].toSorted(), operations.toSorted(), 'operations that were called');
        for (const [name, first] of heard) expectTrue(first === context, `'${name}' gets the context first`);
      },
    },
  });
}

function wrongRefs(
  implementation: object,
  context: unknown,
  operations: readonly string[],
): readonly (readonly [string, unknown])[] {
  const [missing = ''] = operations;
  const without = Object.fromEntries(
    operations.slice(1).map((name) => [name, Reflect.get(implementation, name)]),
  );
  return [
    ['nothing', null],
    ['an implementation alone', implementation],
    ['a context alone', context],
    ['a pair of names', { implementation, context }],
    ['a list of one', [implementation]],
    ['a list of three', [implementation, context, context]],
    ['a pair without a context', [implementation, null]],
    ['a pair the wrong way round', [context, implementation]],
    [`an implementation without '${missing}'`, [without, context]],
    ['a text', 'query'],
  ];
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
