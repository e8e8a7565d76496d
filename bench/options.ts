// What the command line of the benchmarks asks for. Whatever it does not know is refused with a sentence that says what there is.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  /** Names of benchmarks, in the order in which they are listed. */
  readonly names: readonly string[];
  readonly rounds: number;
  /** Only the JSON line is printed (`true`), or the report goes into this file beside the table. */
  readonly json: true | string | null;
  /** Sections of that file that are not measured now stay in it. */
  readonly keeps: boolean;
  /** Nothing is measured: the page is made again from bench/results.json. */
  readonly makesPage: boolean;
  /** An earlier report. */
  readonly compare: string | null;
  /** End with 1 when a figure lies beyond its limit. */
  readonly checks: boolean;
  readonly helps: boolean;
}

/** What was typed is wrong. The message says how it is typed right. */
export class BadOption extends Error {}

/** The least number of rounds that a median says something of. */
export const fewestRounds = 5;

export interface Known {
  readonly names: readonly string[];
  /** Those that run when none is named. */
  readonly usual: readonly string[];
}

/** Throws `BadOption`. */
export function readOptions(args: readonly string[], known: Known): Options {
  const { values, positionals } = parsed(withJsonValue(args, known.names));
  const asked = [...positionals, ...values.only.flatMap((list) => list.split(','))].map((name) =>
    name.trim(),
  );
  const unknown = asked.filter((name) => !known.names.includes(name));
  if (unknown.length > 0)
    throw new BadOption(
      `There is no benchmark ${unknown.map((name) => `'${name}'`).join(', ')}; there are ${known.names.join(', ')}.`,
    );
  const { json = null, compare = null } = values;
  if (json !== null && json !== '' && !existsSync(dirname(json)))
    throw new BadOption(`--json: there is no folder ${dirname(json)}; make it first.`);
  if (compare !== null && !existsSync(compare))
    throw new BadOption(`--compare: there is no file ${compare}; './dev bench --json ${compare}' makes one.`);
  if (values.keep && (json === null || json === ''))
    throw new BadOption('--keep needs the file that it keeps: --json FILE --keep.');
  const usual = values.all ? known.names : known.usual;
  return {
    names: asked.length === 0 ? usual : known.names.filter((name) => asked.includes(name)),
    rounds: roundsOf(values.rounds),
    json: json === '' ? true : json,
    keeps: values.keep,
    makesPage: values.page,
    compare,
    checks: values.check,
    helps: values.help,
  };
}

function roundsOf(text: string | undefined): number {
  if (text === undefined) return fewestRounds;
  if (!/^\d+$/.test(text) || Number(text) < fewestRounds)
    throw new BadOption(`--rounds takes a whole number, ${fewestRounds} or more, and not '${text}'.`);
  return Number(text);
}

/** `--json` may stand alone: what follows is its file unless it is an option or the name of a benchmark. */
function withJsonValue(args: readonly string[], names: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (arg !== '--json') return [arg];
    const next = args[index + 1];
    const isAlone = next === undefined || next.startsWith('-') || names.includes(next);
    return isAlone ? ['--json='] : [arg];
  });
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        compare: { type: 'string' },
        rounds: { type: 'string' },
        check: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        page: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new BadOption(
      `${error instanceof Error ? error.message : String(error)} See './dev bench --help'.`,
      {
        cause: error,
      },
    );
  }
}
