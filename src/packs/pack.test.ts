/** Proves that a pack with a fault is refused where it is declared, with the fault. */
import {
  behavior,
  llmBehavior,
  objectType,
  pack,
  PackSettingsMissingError,
  PackValidationError,
  scriptedModel,
  sha256,
  tool,
} from 'runlog';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { openFixed } from '../../test/harness/fixed-run.ts';
import { loadPack, type PackRequest } from './load-pack.ts';
import { settingFromText } from './pack-settings.ts';

const judge = behavior({ name: 'judge', on: 'goal.created', run: () => {} });
const look = tool({ name: 'look', run: () => null });
const prompt = { name: 'p', version: '1', body: '' };
const policy = { name: 'p', requiresApproval: [] };
const essay = objectType({ name: 'essay', schema: z.object({}) });

/** As a program without types may write it. */
const declared = (options: object): unknown =>
  Reflect.apply(pack, null, [{ name: 'a', version: '1', ...options }]);

it.each<readonly [string, object, string]>([
  ['a name in upper case', { name: 'Reviews' }, 'its name is not of the form'],
  ['a dotted name', { name: 'a.b' }, 'its name is not of the form'],
  ['no name', { name: undefined }, 'its name is not of the form'],
  ['no version', { version: '' }, 'it has no version'],
  ['settings that are no schema', { settings: { a: 1 } }, 'its settings are no schema'],
  ['two behaviors of one name', { behaviors: [judge, judge] }, "behaviors has 'judge' twice"],
  ['two tools of one name', { tools: [look, look] }, "tools has 'look' twice"],
  ['two prompts of one name', { prompts: [prompt, prompt] }, "prompts has 'p' twice"],
  ['two policies of one name', { policies: [policy, policy] }, "policies has 'p' twice"],
  ['two types of one name', { objectTypes: [essay, essay] }, "objectTypes has 'essay' twice"],
  ['a function for a behavior', { behaviors: [() => {}] }, 'entry 1 of behaviors is not one'],
  ['nothing for a tool', { tools: [look, null] }, 'entry 2 of tools is not one'],
  ['an object type for a relation type', { relationTypes: [essay] }, 'entry 1 of relationTypes is not one'],
  ['a prompt without a text', { prompts: [{ name: 'p', version: '1' }] }, 'entry 1 of prompts is not one'],
  ['a policy without types', { policies: [{ name: 'p' }] }, 'entry 1 of policies is not one'],
  ['a prompt without a name', { prompts: [{ version: '1', body: '' }] }, 'entry 1 of prompts has no name'],
  [
    'a tool that it does not have',
    { behaviors: [behavior({ name: 'b', on: 'goal.created', tools: ['look'], run: () => {} })] },
    "lists tool 'look', which the pack does not have",
  ],
])('a pack with %s is refused', (_, options, problem) => {
  expect(() => declared(options)).toThrow(PackValidationError);
  expect(() => declared(options)).toThrow(problem);
});

test('a pack is a frozen value, and importing it registers nothing', async () => {
  const made = pack({ name: 'a', version: '1', behaviors: [judge] });
  expect([Object.isFrozen(made), Object.isFrozen(made.behaviors)]).toEqual([true, true]);
  expect((await openFixed()).installed.behaviors).toEqual([]);
});

test.each([[5], ['text'], [[1]], [{ at: Number.NaN }]])('%o are no settings', async (settings) => {
  const run = await openFixed();
  const made = pack({ name: 'a', version: '1', settings: z.object({}) });
  const request = { pack: made, settings } as PackRequest;
  const loading = loadPack(run, request, sha256);
  await expect(loading).rejects.toBeInstanceOf(PackSettingsMissingError);
  expect(await run.head()).toMatchObject({ seq: 0 });
});

test('the prompt that is called like an LLM behavior is its role, and the log keeps its hash', async () => {
  const seen: string[] = [];
  const asker = llmBehavior({ name: 'asker', on: 'goal.created', description: 'Be brief.', run: () => {} });
  const made = pack({
    name: 'a',
    version: '1',
    behaviors: [asker],
    prompts: [{ name: 'asker', version: '1.0.0', body: 'hello' }],
  });
  const model = scriptedModel({
    respond: ({ system }) => {
      seen.push(system);
      return { text: 'done' };
    },
  });
  const run = await openFixed({ packs: [made], model });
  await run.runGoal('g');
  expect(seen[0]).toContain('Be brief.\n\nhello');
  expect((await run.event('evt_001')).payload['prompts']).toEqual({
    asker: { version: '1.0.0', hash: 'sha256:2cf24dba5fb0a30e' },
  });
});

describe('a text that no setting takes is refused with the reason of the schema', () => {
  const settings = z.object({
    limit: z.int().min(1).default(5),
    name: z.string().min(3).default('abc'),
    note: z.string().min(3).nullable().default(null),
    isOn: z.boolean().default(true),
  });
  const own = pack({ name: 'a', version: '1', settings });
  const set = (key: string, text: string) => () => settingFromText(own, {}, key, text);

  it.each([
    ['for the number that it is', 'limit', '0', /limit: Too small: expected number/],
    ['for the text that it has to be', 'name', '12', /name: Too small: expected string/],
    ['for the text that it may be', 'note', '12', /note: Too small: expected string/],
    ['for the kind where it is another', 'isOn', '7', /expected boolean, received number/],
    ['for a word where a number is wanted', 'limit', 'many', /expected number, received string/],
  ])('%s', (_what, key, text, reason) => {
    expect(set(key, text)).toThrow(reason);
  });
});
