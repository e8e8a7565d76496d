/** Proves what a behavior may be declared as, and what is refused where it is declared. */
import { InternalEvaluatorError, InvalidArgumentType, InvalidRuntimeConfiguration } from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { openFixed } from '../../test/harness/fixed-run.ts';
import { scriptedModel, tool } from '../effects/index.ts';
import { objectType } from '../graph/index.ts';
import { behavior, type Behavior, llmBehavior, relationBehavior } from './behavior.ts';

const run = (): void => undefined;

describe('a behavior', () => {
  it('is a frozen value, and what it was declared with can be changed without it', () => {
    const on = ['a', 'b'];
    const where = { kind: { in: ['x'] } };
    const includeTypes = ['t'];
    const made = behavior({ name: 'b', on, where, view: { includeTypes }, run });
    on.push('c');
    where.kind.in.push('y');
    includeTypes.push('u');
    expect(made).toMatchObject({
      on: ['a', 'b'],
      where: { kind: { in: ['x'] } },
      view: { includeTypes: ['t'] },
    });
    for (const part of [made, made.on, made.where, made.view, made.tools])
      expect(Object.isFrozen(part)).toBe(true);
    expect(Object.isFrozen(includeTypes)).toBe(false);
  });

  it.each([undefined, '', 'x'.repeat(257), 'nul\u0000', 7])('called %j is refused', (name) => {
    expect(() => behavior({ name: name as string, run })).toThrow(InvalidArgumentType);
  });

  it('without a function is refused', () => {
    expect(() => behavior({ name: 'b', run: 'no' as unknown as () => void })).toThrow(InvalidArgumentType);
  });

  it.each([
    'behavior.completed',
    'runtime.idle',
    'llm.responded',
    'tool.requested',
    'approval.granted',
    'tool.mine',
  ])('that waits for %s, which wakes nobody, is refused', (type) => {
    expect(() => behavior({ name: 'b', on: type, run })).toThrow(InvalidRuntimeConfiguration);
    expect(() => relationBehavior({ name: 'b', relationType: 'r', on: ['x', type], run })).toThrow(
      InvalidRuntimeConfiguration,
    );
  });

  it.each([
    { when: 'always' },
    { tools: 'web_search' },
    { tools: [7] },
    { view: 5 },
    { view: { around: 7 } },
    { view: { includeTypes: 'claim' } },
  ])('with %j, which is of another type, is refused', (parts) => {
    expect(() => behavior({ name: 'b', run, ...(parts as object) })).toThrow(InvalidArgumentType);
  });

  it.each([undefined, '', 7])('on relations of the type %j is refused', (relationType) => {
    expect(() => relationBehavior({ name: 'b', relationType: relationType as string, run })).toThrow(
      InvalidArgumentType,
    );
  });

  it.each([
    { description: 7 },
    { model: 7 },
    { creates: 'claim' },
    { promptTemplate: 7 },
    { maxTokens: '4096' },
    { temperature: 'hot' },
    { topP: '1' },
    { timeoutMs: '60' },
    { maxToolTurns: '6' },
  ])('that asks a model with %j, which is of another type, is refused', (parts) => {
    expect(() => llmBehavior({ name: 'b', run, ...(parts as object) })).toThrow(InvalidArgumentType);
  });

  it('with a filter that could not be understood is refused', () => {
    expect(() => behavior({ name: 'b', where: { n: { '>': 1, like: 'x' } }, run })).toThrow(
      InternalEvaluatorError,
    );
  });

  it('that asks a model whose form of answer cannot be told is refused', () => {
    const schema = { '~standard': { version: 1 as const, vendor: 'mine', validate: () => ({ value: 1 }) } };
    expect(() => llmBehavior({ name: 'b', output: schema, run })).toThrow(InvalidArgumentType);
    expect(llmBehavior({ name: 'b', output: schema, outputJsonSchema: { type: 'number' }, run }).kind).toBe(
      'llm',
    );
  });

  it('that is deterministic asks without chance', () => {
    expect(llmBehavior({ name: 'b', deterministic: true, temperature: 1, topP: 0.5, run }).llm).toMatchObject(
      { temperature: 0, topP: 1 },
    );
  });
});

describe('a runtime refuses', () => {
  const lookup = tool({ name: 'lookup', run });
  const other = tool({ name: 'lookup', run });
  const model = scriptedModel({ respond: [] });
  const type = objectType({ name: 't', schema: z.object({}) });

  const refused: readonly (readonly [string, Parameters<typeof openFixed>[0], string])[] = [
    [
      'two behaviors of one name',
      { behaviors: [behavior({ name: 'b', run }), behavior({ name: 'b', run })] },
      'InvalidRuntimeConfiguration',
    ],
    ['two tools of one name', { tools: [lookup, other] }, 'InvalidRuntimeConfiguration'],
    [
      'two tools of one name on behaviors',
      {
        behaviors: [
          behavior({ name: 'a', tools: [lookup], run }),
          behavior({ name: 'b', tools: [other], run }),
        ],
      },
      'InvalidRuntimeConfiguration',
    ],
    [
      'two types of one name',
      { types: [type, objectType({ name: 't', schema: z.object({}) })] },
      'InvalidRuntimeConfiguration',
    ],
    [
      'a model behavior without a model',
      { behaviors: [llmBehavior({ name: 'b', run })] },
      'MissingProviderError',
    ],
    [
      'a tool that nobody brings',
      { behaviors: [llmBehavior({ name: 'b', tools: ['lookup'], run })], model },
      'MissingToolError',
    ],
    ['a frame that cannot be named', { frame: { goal: 'g', id: '' } }, 'InvalidRuntimeConfiguration'],
    ['what is no behavior', { behaviors: [run as unknown as Behavior] }, 'InvalidArgumentType'],
    ['what is no tool', { tools: [{ name: 'x' } as unknown as typeof lookup] }, 'InvalidToolRegistration'],
  ];

  it.each(refused)('%s', async (_what, options, name) => {
    await expect(openFixed(options)).rejects.toMatchObject({ name });
  });
});

test('one tool value may be listed by many, and given besides', async () => {
  const lookup = tool({ name: 'lookup', run });
  const behaviors = ['a', 'b'].map((name) => behavior({ name, tools: [lookup, 'lookup'], run }));
  const opened = await openFixed({ behaviors, tools: [lookup] });
  expect(opened.installed.tools).toEqual(['lookup']);
});
