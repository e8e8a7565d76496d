/**
 * Decides of what type the parts of a behavior are, for callers without types: a condition that is a text would be found out when the
 * first event comes, and a relation type that is missing never.
 */
import { type ArgumentForm, checkArguments } from '../base/index.ts';

const forms: Readonly<Record<string, readonly ArgumentForm[]>> = {
  when: ['function'],
  view: ['object'],
  tools: ['list'],
  relationType: ['text'],
  description: ['text'],
  model: ['text', 'function'],
  creates: ['list'],
  maxTokens: ['number'],
  temperature: ['number'],
  topP: ['number'],
  timeoutMs: ['number'],
  maxToolTurns: ['number'],
  promptTemplate: ['text'],
};

/** Refuses the first part of a declaration that is of another type. Throws `InvalidArgumentType`. */
export function checkForms(call: string, declaration: object): void {
  const given: ReadonlyMap<string, unknown> = new Map(Object.entries(declaration));
  for (const [name, of] of Object.entries(forms)) {
    const part = given.get(name);
    if (part !== undefined) checkArguments(call, { [name]: [part, ...of] });
  }
  const view = given.get('view') ?? {};
  for (const [name, of] of [
    ['around', 'text'],
    ['includeTypes', 'list'],
  ] as const) {
    const part: unknown = Reflect.get(view, name);
    if (part !== undefined) checkArguments(call, { [`view.${name}`]: [part, of] });
  }
  const tools = given.get('tools');
  for (const tool of Array.isArray(tools) ? tools : [])
    checkArguments(call, { 'one of `tools`': [tool, 'text', 'with name'] });
}
