/** Decides how a command says what it takes: as data, so that a plain command line is read without the library that reads every other. */

/** What a value must be; throws `InvalidValue`. `before` is what the option was before, where it is a list. */
export type ReadValue = (text: string, before: never) => unknown;

export interface ArgumentWords {
  /** `<url>`, `[name]`, `<words...>`. */
  readonly name: string;
  readonly about?: string;
  readonly read?: ReadValue;
  readonly choices?: readonly string[];
}

export interface OptionWords {
  /** `--json`, `-o, --output <file>`. */
  readonly flags: string;
  readonly about?: string;
  readonly read?: ReadValue;
  readonly choices?: readonly string[];
  /** What it is when it is not given. */
  readonly initial?: unknown;
  readonly isMandatory?: true;
  /** Each time that it is given counts. An option that is no list may be given once. */
  readonly isList?: true;
  /** Names of options, as the action is given them, that do not go with this one. */
  readonly conflicts?: readonly string[];
  readonly isHidden?: true;
}

/** Is given the arguments in their order, and then the options by their names. */
export type Action = (...given: never[]) => Promise<void>;

export class Declaration {
  readonly takes: ArgumentWords[] = [];
  readonly options: OptionWords[] = [];
  /** Examples and more, below the help. */
  after = '';
  /** Where a command has another name than its own, with its first argument in it. */
  usage: string | undefined = undefined;
  act: Action = async () => undefined;

  argument(name: string, about?: string, read?: ReadValue): this {
    const words = { ...(about === undefined ? {} : { about }), ...(read === undefined ? {} : { read }) };
    return this.addArgument({ name, ...words });
  }

  addArgument(words: ArgumentWords): this {
    this.takes.push(words);
    return this;
  }

  option(flags: string, about: string, read?: ReadValue, initial?: unknown): this {
    return this.addOption({ flags, about, initial, ...(read === undefined ? {} : { read }) });
  }

  requiredOption(flags: string, about: string, read: ReadValue): this {
    return this.addOption({ flags, about, read, isMandatory: true });
  }

  listOption(flags: string, about: string, read: ReadValue, initial?: unknown): this {
    return this.addOption({ flags, about, read, initial, isList: true });
  }

  addOption(words: OptionWords): this {
    this.options.push(words);
    return this;
  }

  addHelp(text: string): this {
    this.after += text;
    return this;
  }

  calledAs(usage: string): this {
    this.usage = usage;
    return this;
  }

  action(act: Action): this {
    this.act = act;
    return this;
  }
}
