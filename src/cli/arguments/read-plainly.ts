/**
 * Decides which command lines are plain: every option is known and spelled in full, every value is taken, nothing is missing. They are
 * read here, at once. What is anything else is for the library, which knows the words for it.
 */
import type { ArgumentWords, Declaration, OptionWords } from './declaration.ts';
import { InvalidValue } from './invalid-value.ts';

/** Arguments in their order, and options by name: what the action is given. */
export interface ReadLine {
  readonly values: readonly unknown[];
  readonly flags: Readonly<Record<string, unknown>>;
}

interface Switch {
  readonly words: OptionWords;
  readonly key: string;
  readonly takesValue: boolean;
}

/** What stands behind the name of the command; `undefined` for a line that is not plain. */
export function readPlainly(declaration: Declaration, line: readonly string[]): ReadLine | undefined {
  const taken = new Taken(declaration.options);
  const operands: string[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const word = line[at] ?? '';
    if (word === '--') {
      operands.push(...line.slice(at + 1));
      break;
    }
    if (!isOption(word)) operands.push(word);
    else if (taken.takes(word)) {
      const value = line[at + 1];
      // An option may be given what looks like one; which of the two it is, is said by the library.
      if (value === undefined || isOption(value) || value === '--' || !taken.add(word, value))
        return undefined;
      at += 1;
    } else if (!taken.switchOn(word)) return undefined;
  }
  const values = valuesOf(declaration.takes, operands);
  return values === undefined || taken.isIncomplete() ? undefined : { values, flags: taken.flags };
}

/** A lone dash is a file, by custom. */
function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

class Taken {
  readonly flags: Record<string, unknown> = {};
  readonly #switches = new Map<string, Switch>();
  readonly #given = new Set<Switch>();

  constructor(options: readonly OptionWords[]) {
    for (const words of options) {
      const switched = switchOf(words);
      if (words.initial !== undefined) this.flags[switched.key] = words.initial;
      for (const [name] of words.flags.matchAll(/(?<=^|, )--?[a-z-]+/g)) this.#switches.set(name, switched);
    }
  }

  takes(word: string): boolean {
    return this.#switches.get(word)?.takesValue === true;
  }

  switchOn(word: string): boolean {
    const switched = this.#switches.get(word);
    const at = word.indexOf('=');
    if (switched === undefined)
      return at > 0 && word.startsWith('--') && this.add(word.slice(0, at), word.slice(at + 1));
    this.flags[switched.key] = true;
    this.#given.add(switched);
    return true;
  }

  /** False for a value that is refused, and for a second one where only one is taken. */
  add(name: string, text: string): boolean {
    const switched = this.#switches.get(name);
    if (switched === undefined || !switched.takesValue) return false;
    if (switched.words.isList !== true && this.#given.has(switched)) return false;
    const { words, key } = switched;
    const value = valueOf(words, text, this.flags[key]);
    if (value === refused) return false;
    this.flags[key] = value;
    this.#given.add(switched);
    return true;
  }

  /** Whether one is missing, or two do not go together. */
  isIncomplete(): boolean {
    const given = [...this.#given];
    const keys = new Set(given.map(({ key }) => key));
    if (given.some(({ words }) => words.conflicts?.some((key) => keys.has(key)) === true)) return true;
    return [...this.#switches.values()].some(
      ({ words, key }) => words.isMandatory === true && this.flags[key] === undefined,
    );
  }
}

function switchOf(words: OptionWords): Switch {
  const long = /--([a-z-]+)/.exec(words.flags)?.[1] ?? '';
  return {
    words,
    key: long.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    takesValue: words.flags.includes('<'),
  };
}

const refused = Symbol('refused');

function valueOf(
  { read, choices }: Pick<OptionWords, 'read' | 'choices'>,
  text: string,
  before?: unknown,
): unknown {
  if (choices !== undefined && !choices.includes(text)) return refused;
  if (read === undefined) return text;
  try {
    return Reflect.apply(read, undefined, [text, before]);
  } catch (error) {
    if (error instanceof InvalidValue) return refused;
    throw error;
  }
}

/** `undefined` when there are too few or too many, or one is not what it has to be. */
function valuesOf(
  takes: readonly ArgumentWords[],
  operands: readonly string[],
): readonly unknown[] | undefined {
  const last = takes.at(-1);
  const isOpen = last?.name.includes('...') === true;
  const isMissing = takes.some(({ name }, at) => operands[at] === undefined && !name.startsWith('['));
  if (isMissing || (!isOpen && operands.length > takes.length)) return undefined;
  const values = takes.map((words, at) => {
    if (isOpen && words === last) return operands.slice(at);
    const text = operands[at];
    return text === undefined ? undefined : valueOf(words, text);
  });
  return values.includes(refused) ? undefined : values;
}
