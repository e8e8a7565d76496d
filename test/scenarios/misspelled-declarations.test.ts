// A behavior, a tool, a pack or a type refuses a name that it does not know where it is declared: `On` in the place of `on` meant every event.
import {
  behavior,
  isStructuredError,
  llmBehavior,
  objectType,
  open,
  pack,
  relationBehavior,
  relationType,
  scriptedModel,
  tool,
} from 'runlog';
import { expect, test } from 'vitest';

type Declared = readonly [make: (options: never) => unknown, option: string, value: unknown, near: string];

const run = (): void => undefined;
const anything = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } };
/** What has to be there, so that nothing but the misspelled name is wrong. */
const complete = { name: 'p', version: '1', relationType: 'r', schema: anything, run, respond: [] };
const needs = new Map<unknown, readonly (keyof typeof complete)[]>([
  [behavior, ['name', 'run']],
  [relationBehavior, ['name', 'relationType', 'run']],
  [llmBehavior, ['name', 'run']],
  [tool, ['name', 'run']],
  [pack, ['name', 'version']],
  [objectType, ['name', 'schema']],
  [relationType, ['name']],
  [scriptedModel, ['respond']],
]);

/** As a program without types would call it. */
function refusalOf(make: (options: never) => unknown, options: object): unknown {
  const there = Object.fromEntries((needs.get(make) ?? []).map((name) => [name, complete[name]]));
  try {
    Reflect.apply(make, null, [{ ...there, ...options }]);
  } catch (error) {
    return isStructuredError(error) ? error : null;
  }
  return null;
}

test.each<Declared>([
  [behavior, 'On', 'goal.created', 'on'],
  [behavior, 'were', { a: 1 }, 'where'],
  [behavior, 'activateafter', 2, 'activateAfter'],
  [relationBehavior, 'relationtype', 'r', 'relationType'],
  [relationBehavior, 'were', { a: 1 }, 'where'],
  [llmBehavior, 'maxToken', 100, 'maxTokens'],
  [llmBehavior, 'create', ['task'], 'creates'],
  [tool, 'timeoutMS', 100, 'timeoutMs'],
  [tool, 'costPerCall', '1', 'costPerCallUsd'],
  [pack, 'behaviours', [], 'behaviors'],
  [objectType, 'shema', anything, 'schema'],
  [relationType, 'sourceType', ['task'], 'sourceTypes'],
  [scriptedModel, 'responds', [], 'respond'],
])('%o refuses an option %s', (make, option, value, near) => {
  expect(refusalOf(make, { [option]: value })).toMatchObject({
    code: 'invalid-runtime-configuration',
    summary: `\`${make.name}\` has no option '${option}'`,
    context: { call: make.name, option, near: [near] },
  });
});

test.each([
  ['behavior', behavior],
  ['relationBehavior', relationBehavior],
  ['llmBehavior', llmBehavior],
])('%s refuses an empty list of events, which would mean every event', (_name, make) => {
  expect(refusalOf(make, { on: [] })).toMatchObject({
    code: 'invalid-runtime-configuration',
    summary: "behavior 'p' is given no event to wait for: `on` is an empty list",
    howToFix: "Name the events, such as `on: 'goal.created'`, or leave `on` out to react to every event.",
  });
});

test.each([{ on: null }, { on: 5 }, { on: '' }, { on: {} }, { on: ['goal.created', ''] }, { on: [5] }])(
  'a behavior refuses %j, which names no event',
  (given) => {
    expect(refusalOf(behavior, given)).toMatchObject({
      code: 'invalid-argument-type',
      summary: "behavior 'p' waits for something that is no type of an event",
    });
  },
);

test('a view refuses a part that it does not know, which would show the whole graph', () => {
  expect(refusalOf(behavior, { view: { arround: 'event.payload.object.id' } })).toMatchObject({
    summary: "`view of p` has no option 'arround'",
    context: { near: ['around'] },
  });
});

test('a type of objects without a schema is refused where it is declared', () => {
  expect(refusalOf(objectType, { schema: undefined })).toMatchObject({
    code: 'invalid-argument-type',
    summary: 'objectType takes `schema` as a Standard Schema, and what was given is of type undefined',
  });
});

test('an entry of packs refuses misspelled settings', async () => {
  const entry = { pack: pack({ name: 'p', version: '1' }), setting: {} };
  await expect(open('memory:', { packs: [entry] })).rejects.toMatchObject({
    summary: "`entry of packs` has no option 'setting'",
    context: { near: ['settings'] },
  });
});

test.each(['=>', '=<', '===', '!', '<>'])(
  "a where-filter of a behavior refuses the operator '%s', which compared with a map that nothing is",
  (operator) => {
    expect(refusalOf(behavior, { where: { amount: { [operator]: 100 } } })).toMatchObject({
      code: 'internal-evaluator-error',
      summary: `where-filter has an unknown operator '${operator}'`,
    });
  },
);

test('a where-filter of a behavior compares with a map of any other names', () => {
  const where = { amount: { gt: 1, '': 2 }, mark: { '==': { '=>': 100 } } };
  expect(behavior({ name: 'b', where, run }).where).toEqual(where);
});
