/** Decides how the library that reads command lines is told what a command takes. Loaded for help, for mistakes and for Tab. */
import { Argument, type Command, Option } from 'commander';
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
  const { flags, about, read, choices, initial, isMandatory, conflicts, isHidden } = words;
  const option = new Option(flags, about).hideHelp(isHidden === true);
  if (initial !== undefined) option.default(initial);
  if (choices !== undefined) option.choices(choices);
  if (read !== undefined) option.argParser(readBy(read));
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  return option.makeOptionMandatory(isMandatory === true);
}

function readBy(read: ReadValue): (text: string, before: unknown) => unknown {
  return (text, before): unknown => Reflect.apply(read, undefined, [text, before]);
}
