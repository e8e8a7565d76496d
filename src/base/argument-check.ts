/** Decides what a front door says to a caller without types that hands in something else than what it takes. */
import { InvalidArgumentType } from './error-categories.ts';

/** What an argument has to be. `with NAME` is an object that has something of that name, such as a method. */
export type ArgumentForm =
  | 'text'
  | 'boolean'
  | 'number'
  | 'list'
  | 'iterable'
  | 'function'
  | 'object'
  | `with ${string}`;

/** Arguments of a call by name: what was given, and the forms of which it has to have one. */
export type GivenArguments = Readonly<Record<string, readonly [given: unknown, ...forms: ArgumentForm[]]>>;

/**
 * Refuses the first argument that has none of its forms. Throws `InvalidArgumentType` with the names of the call and the argument.
 * For calls that open, read or make something, and for none that is made for each event.
 */
export function checkArguments(call: string, given: GivenArguments): void {
  for (const [name, [value, ...forms]] of Object.entries(given)) {
    if (forms.some((form) => fits(value, form))) continue;
    throw wrongArgument(call, `\`${name}\` as ${forms.map(wordsOf).join(' or ')}`, value);
  }
}

/** The parts of a declaration that may be left out, by name, and the forms of which each has to have one. */
export type PartForms<Name extends string = string> = Readonly<
  Partial<Record<Name, readonly ArgumentForm[]>>
>;

/**
 * Refuses the first part of a declaration that is there and of another type: it would be found out when it is first used, or never. Throws
 * `InvalidArgumentType`.
 */
export function checkParts<Parts extends object>(
  call: string,
  declaration: Parts,
  forms: PartForms<Extract<keyof Parts, string>>,
): void {
  const given: ReadonlyMap<string, unknown> = new Map(Object.entries(checkedOptions(call, declaration)));
  for (const [name, of] of Object.entries<readonly ArgumentForm[] | undefined>(checkedOptions(call, forms))) {
    const part = given.get(name);
    if (part !== undefined && of !== undefined) checkArguments(call, { [name]: [part, ...of] });
  }
}

/** The options of a call, when they are an object. Throws `InvalidArgumentType`. */
export function checkedOptions<Options>(call: string, options: Options): Options {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw wrongArgument(call, 'its options as an object', options);
}

/** Makes the refusal of an argument; `wanted` says what the call takes. */
export function wrongArgument(call: string, wanted: string, given: unknown): Error {
  const found = foundText(given);
  return new InvalidArgumentType({
    summary: `${call} takes ${wanted}, and what was given is ${found}`,
    whatFailed: `An argument of \`${call}\` is ${found}.`,
    why: 'What is handed in becomes history or decides over it; what it was meant to be is not guessed.',
    howToFix: `Call \`${call}\` with ${wanted}.`,
    context: { call },
  });
}

function foundText(given: unknown): string {
  if (given === null || Number.isNaN(given)) return String(given);
  return Array.isArray(given) ? 'a list' : `of type ${typeof given}`;
}

function fits(value: unknown, form: ArgumentForm): boolean {
  if (form === 'text') return typeof value === 'string';
  if (form === 'function' || form === 'boolean') return typeof value === form;
  if (form === 'number') return typeof value === 'number' && !Number.isNaN(value);
  if (form === 'list') return Array.isArray(value);
  if (form === 'iterable') return typeof value === 'object' && value !== null && Symbol.iterator in value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return form === 'object' || Reflect.get(value, form.slice('with '.length)) !== undefined;
}

function wordsOf(form: ArgumentForm): string {
  if (form === 'object' || form === 'iterable') return `an ${form}`;
  return form.startsWith('with ') ? `an object with \`${form.slice('with '.length)}\`` : `a ${form}`;
}
