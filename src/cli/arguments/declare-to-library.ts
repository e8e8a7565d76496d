/** Decides how the library that reads command lines is told what a command takes. Loaded for help, for mistakes and for Tab. */
import { Argument, type Command, CommanderError, Option } from 'commander';
import type { ArgumentWords, Declaration, OptionWords, ReadValue } from './declaration.ts';

/** Gives a command of the library what was declared. */
export function declareToLibrary(command: Command, declaration: Declaration): Command {
  const { usage, takes, options, after, act } = declaration;
  if (usage !== undefined) command.configureHelp({ commandUsage: () => usage, visibleArguments: () => [] });
  for (const words of takes) command.addArgument(argumentOf(words));
  for (const words of options) command.addOption(optionOf(words));
  if (after !== '') command.addHelpText('after', after);
  return command.action(async (...given: unknown[]) => {
    // The last one is the library's own.
    await Reflect.apply(act, undefined, given.slice(0, -1));
  });
}

function argumentOf({ name, about, read, choices }: ArgumentWords): Argument {
  const argument = new Argument(name, about);
  if (choices !== undefined) argument.choices(choices);
  if (read !== undefined) argument.argParser(readBy(read));
  return argument;
}

function optionOf(words: OptionWords): Option {
  const { flags, about, read, choices, initial, isMandatory, isList, conflicts, isHidden } = words;
  const option = new Option(flags, about).hideHelp(isHidden === true);
  if (initial !== undefined) option.default(initial);
  if (choices !== undefined) option.choices(choices);
  if (read !== undefined) option.argParser(readBy(read));
  if (isList !== true && option.required) takeOnce(option);
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  return option.makeOptionMandatory(isMandatory === true);
}

/** Of two values the library keeps the last, and what was meant by the first would be lost without a word. */
function takeOnce(option: Option): void {
  const { parseArg: parse, flags } = option;
  let isGiven = false;
  option.argParser((text: string, before: unknown): unknown => {
    if (isGiven) throw new CommanderError(2, 'commander.optionTwice', twiceText(flags));
    isGiven = true;
    return parse === undefined ? text : parse(text, before);
  });
}

function twiceText(flags: string): string {
  return `error: option '${flags}' is given twice\n(It takes one value: give it once.)`;
}

function readBy(read: ReadValue): (text: string, before: unknown) => unknown {
  return (text, before): unknown => Reflect.apply(read, undefined, [text, before]);
}
