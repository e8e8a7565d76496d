/** Decides how the options that several commands share are spelled and checked. */
import { faultOfNewId, isUsd, type Usd } from '../../base/index.ts';
import { commitLimits } from '../../log/index.ts';
import type { Declaration, OptionWords } from './declaration.ts';
import { InvalidValue } from './invalid-value.ts';

/** How many events a list shows at most; the whole log is what `export-trace` writes. */
const longestTail = 10_000;
const longestPage = 1000;

/** Adds the argument and the options that name a run. */
export function takesRun(command: Declaration): Declaration {
  return command
    .argument('<url>', 'the store, such as sqlite:///run.db')
    .option('--run-id <run>', 'the run; the one that was created last when this is left out', notEmpty);
}

export function takesJson(command: Declaration): Declaration {
  return command
    .option('--json', 'print JSON, errors included')
    .option('--json-schema', 'print the JSON Schema of that, and do nothing else');
}

/** Who decides; goes into the history of the run. */
export function byOption(): OptionWords {
  return {
    flags: '--by <name>',
    about: 'who decides; the history of the run keeps it',
    read: textUpTo(commitLimits.idCharacters),
    isMandatory: true,
  };
}

export function notEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidValue('It is empty.');
  return text;
}

/** Counted as the store counts, which refuses what is longer. */
export function textUpTo(characters: number): (text: string) => string {
  return (text) => {
    if (text.length > characters) throw new InvalidValue(`It has more than ${characters} characters.`);
    return notEmpty(text);
  };
}

/** The id of what is to be made. */
export function newId(text: string): string {
  const id = textUpTo(commitLimits.idCharacters)(text);
  const fault = faultOfNewId(id);
  if (fault !== null) throw new InvalidValue(`It ${fault}.`);
  return id;
}

/** Where a file is to be made. */
export function filePath(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw new InvalidValue('It is a path and not a URL.');
  return notEmpty(text);
}

/** `pack.key=value` or `key=value`. */
export function settingText(text: string): { readonly name: string; readonly text: string } {
  const at = text.indexOf('=');
  if (at < 1 || /^\.|\.$/.test(text.slice(0, at)))
    throw new InvalidValue('It has to be of the form pack.key=value.');
  return { name: text.slice(0, at), text: text.slice(at + 1) };
}

/** A row of a table of prices. */
interface PriceRow {
  readonly providers: readonly string[];
  readonly model: string | null;
  readonly from: null;
  readonly rates: {
    readonly input: Usd;
    readonly output: Usd;
    readonly cacheRead?: Usd;
    readonly cacheWrite?: Usd;
  };
}

/** `provider/model=input,output[,cache read[,cache write]]`, or `provider=...` for all of its models that have no row. */
export function priceRow(text: string): PriceRow {
  const at = text.lastIndexOf('=');
  const name = text.slice(0, Math.max(at, 0));
  const slash = name.indexOf('/');
  const provider = slash < 0 ? name : name.slice(0, slash);
  const model = slash < 0 ? null : name.slice(slash + 1);
  const rates = text.slice(at + 1).split(',');
  const [input, output, cacheRead, cacheWrite] = rates;
  const areRates = rates.length <= 4 && rates.every((rate) => isUsd(rate) && !rate.startsWith('-'));
  if (provider === '' || model === '' || !areRates || input === undefined || output === undefined)
    throw new InvalidValue(
      'It has to be of the form provider/model=input,output, in dollars for a million tokens; the rates of reading and of writing a cache may follow.',
    );
  return {
    providers: [provider],
    model,
    from: null,
    rates: {
      ...{ input, output },
      ...(cacheRead === undefined ? {} : { cacheRead }),
      ...(cacheWrite === undefined ? {} : { cacheWrite }),
    },
  };
}

export function tailCount(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) > longestTail) {
    throw new InvalidValue(`It has to be a whole number from 0 to ${longestTail}.`);
  }
  return Number(text);
}

/** How many entries a page has. */
export function pageSize(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > longestPage) {
    throw new InvalidValue(`It has to be a whole number from 1 to ${longestPage}.`);
  }
  return Number(text);
}

/** A moment: so long ago, or a day of UTC, or a time of RFC 3339. */
export function sinceMoment(text: string): string {
  if (/^\d+[mhdw]$/.test(text)) return new Date(Date.now() - durationMs(text)).toISOString();
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  const hasForm = /^\d{4}-\d{2}-\d{2}[Tt].+([Zz]|[+-]\d{2}:?\d{2})$/.test(moment);
  if (!hasForm || Number.isNaN(Date.parse(moment)) || !isDay(moment.slice(0, 10)))
    throw new InvalidValue(
      'It has to be an age (90m, 12h, 30d, 8w), a day (2026-11-21) or a time with its zone.',
    );
  return moment;
}

/** The platform takes the 31st of February for a day of March. */
function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

const unitsMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** How long something may take: `90s` in milliseconds. */
export function timeLimitMs(text: string): number {
  const [, seconds] = /^(\d{1,6})s$/.exec(text) ?? [];
  const known = /^\d{1,6}[mhdw]$/.test(text) ? durationMs(text) : 0;
  const limitMs = seconds === undefined ? known : Number(seconds) * 1000;
  if (limitMs === 0)
    throw new InvalidValue(
      'It has to be a whole number above 0 and a unit: 90s, 10m, 2h, 1d, 1w (seconds, minutes, hours, days, weeks).',
    );
  return limitMs;
}

/** `30d` in milliseconds. */
export function durationMs(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  if (unitMs === undefined)
    throw new InvalidValue(
      'It has to be a whole number of minutes (m), hours (h), days (d) or weeks (w): 90m, 12h, 30d, 8w.',
    );
  return Number(digits) * unitMs;
}
