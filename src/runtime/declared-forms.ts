/**
 * Decides of what type the parts of a behavior are, for callers without types: a condition that is a text would be found out when the
 * first event comes, and a relation type that is missing never.
 */
import { checkArguments, checkParts, type PartForms } from '../base/index.ts';
import type { ViewSpec } from '../graph/index.ts';

const forms = {
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
} as const satisfies PartForms;

const viewForms = { around: ['text'], includeTypes: ['list'] } as const satisfies PartForms<keyof ViewSpec>;

/** Refuses the first part of a declaration that is of another type. Throws `InvalidArgumentType`. */
export function checkForms(
  call: string,
  declaration: { readonly view?: ViewSpec; readonly tools?: readonly unknown[] },
): void {
  checkParts<object & { readonly [Name in keyof typeof forms]?: unknown }>(call, declaration, forms);
  checkParts(`the view of ${call}`, declaration.view ?? {}, viewForms);
  for (const tool of declaration.tools ?? [])
    checkArguments(call, { 'one of its tools': [tool, 'text', 'with name'] });
}
