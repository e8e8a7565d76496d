/**
 * Decides which rates a call is counted at: those of the very model, else of the longest name that its name begins with, else of its
 * provider, each as they stood on the day of the call. What has no rates is said to have none; nothing is made up.
 */
import { checkArguments, isUsd, type Usd } from '../../base/index.ts';
import { invalidPrice } from './price-errors.ts';

/** US dollars for a million tokens, as decimal text. */
export interface TokenRates {
  readonly input: Usd;
  readonly output: Usd;
  /** Of tokens that were read from a cache; the rate of input where it is left out, as for the next. */
  readonly cacheRead?: Usd;
  /** Of tokens that were written into a cache. */
  readonly cacheWrite?: Usd;
  /** What counts instead when the whole prompt, caches included, is longer than so many tokens. */
  readonly above?: { readonly promptTokens: number; readonly rates: TokenRates };
}

/** One row of a table. */
export interface Price {
  /** Every name under which the provider is recorded: `claude` in sessions, `anthropic` in runs. */
  readonly providers: readonly string[];
  /** A whole name or the beginning of one; `null` for every model of the provider that has no row. */
  readonly model: string | null;
  /** The first day on which it holds, as `2026-11-21`; `null` for always. It holds until a later row of the same model does. */
  readonly from: string | null;
  readonly rates: TokenRates;
}

/** Of rows for the same model and day the first counts. */
export type PriceTable = readonly Price[];

/** Which rates: of a provider's model, at a time (ISO text). */
export interface PriceQuestion {
  readonly provider: string | null;
  readonly model: string | null;
  /** When the call was made: a day or an ISO 8601 timestamp in UTC. */
  readonly at: string;
}

/** Rates for a model, the row that they come of, and by what it was found. */
export interface FoundRates {
  readonly kind: 'rates';
  readonly rates: TokenRates;
  readonly row: Price;
  /** How the row was found: by the whole name, by its beginning, or because the provider has one for all. */
  readonly by: 'model' | 'prefix' | 'provider';
}

/** The table has no rates for this model at this time. */
export interface NoRates extends PriceQuestion {
  readonly kind: 'no_rates';
}

/** Throws nothing: a question without an answer is answered with `no_rates`. */
export function findRates(table: PriceTable, question: PriceQuestion): FoundRates | NoRates {
  const { provider, model, at } = question;
  const rows = table.filter(
    (row) => provider !== null && row.providers.includes(provider) && (row.from === null || row.from <= at),
  );
  const fitting = rows.filter((row) => row.model === null || (model !== null && fits(row.model, model)));
  const [best] = fitting.toSorted(
    (left, right) =>
      (right.model ?? '').length - (left.model ?? '').length || newerFirst(left.from ?? '', right.from ?? ''),
  );
  if (best === undefined) return { kind: 'no_rates', provider, model, at };
  const by = best.model === null ? 'provider' : best.model === model ? 'model' : 'prefix';
  return { kind: 'rates', rates: best.rates, row: best, by };
}

/** A name goes on behind a `-`, `@` or `:`. `o3` is the beginning of `o3-pro`, and is not that of `o30` or of `o3.5`. */
function fits(row: string, model: string): boolean {
  return model === row || (model.startsWith(row) && /^[-@:]/.test(model.slice(row.length)));
}

function newerFirst(left: string, right: string): number {
  if (left === right) return 0;
  return left > right ? -1 : 1;
}

/**
 * A table in which these rows count in place of all rows that `table` has for the same provider and model, whatever their day:
 * what a contract says goes before every list.
 */
export function overridePrices(own: PriceTable, table: PriceTable): PriceTable {
  checkArguments('overridePrices', { own: [own, 'list'], table: [table, 'list'] });
  checkPrices(own);
  const isOwn = (provider: string, model: string | null): boolean =>
    own.some((row) => row.model === model && row.providers.includes(provider));
  const others = table.flatMap((row) => {
    const providers = row.providers.filter((provider) => !isOwn(provider, row.model));
    return providers.length === 0 ? [] : [{ ...row, providers }];
  });
  return Object.freeze([...own, ...others]);
}

/** Throws `InvalidPriceError` for a rate that is no decimal text from 0, a day that is none, and a row without a provider. */
export function checkPrices(table: PriceTable): void {
  checkArguments('checkPrices', { table: [table, 'list'] });
  for (const row of table) {
    const name = `${row.providers[0] ?? '?'}/${row.model ?? '*'}`;
    if (row.providers.length === 0 || row.providers.includes('')) {
      throw invalidPrice({ row: name, problem: 'it names no provider' });
    }
    if (row.model === '')
      throw invalidPrice({ row: name, problem: 'its model is empty; say `null` for all' });
    if (row.from !== null && !isDay(row.from)) {
      throw invalidPrice({ row: name, problem: `'${row.from}' is no day such as 2026-11-21` });
    }
    checkRates(name, row.rates);
  }
}

function checkRates(row: string, { above, ...rates }: TokenRates): void {
  for (const [field, rate] of Object.entries(rates)) {
    if (rate !== undefined && (!isUsd(rate) || rate.startsWith('-'))) {
      throw invalidPrice({ row, problem: `its rate of ${field} is '${rate}', and no decimal text from 0` });
    }
  }
  if (above !== undefined) checkRates(row, above.rates);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(Date.parse(text));
}
