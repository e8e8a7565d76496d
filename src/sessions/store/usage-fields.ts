/**
 * Decides by which fields runs are summed: counts of tokens and money as whole numbers with zeros in front, so that their order is
 * the order of the texts and a database adds them exactly. A count that is 0 is left out.
 */
import { multiplyUsd, readUsd, type Usd } from '../../base/index.ts';
import { noTokens } from '../../effects/index.ts';
import type { RecordFields } from '../../log/index.ts';
import { tokensOfUsage } from '../cost/usage-line.ts';
import type { Execution } from '../model/execution.ts';

/** Money is kept to the millionth of a millionth of a dollar: below that there is only the noise of binary fractions. */
const unitsOfUsd = '1000000000000';
const usdOfUnit = '0.000000000001';
const digits = { tokens: 16, cost: 28 } as const;

export function usageFields(run: Execution): RecordFields {
  const { tokenUsage, startedAt, costUsd } = run;
  const counts = tokensOfUsage(tokenUsage) ?? noTokens;
  const stated = tokenUsage['total_tokens'];
  const isStated = typeof stated === 'number' && Number.isSafeInteger(stated) && stated > 0;
  const tokens = isStated ? stated : counts.input + counts.output;
  const model = modelOf(run);
  return {
    day: startedAt.slice(0, 10),
    tokens: tokensField(tokens),
    ...(counts.input === 0 ? {} : { input: tokensField(counts.input) }),
    ...(counts.output === 0 ? {} : { output: tokensField(counts.output) }),
    ...(counts.cacheRead === 0 ? {} : { cache_read: tokensField(counts.cacheRead) }),
    ...(counts.cacheWrite === 0 ? {} : { cache_write: tokensField(counts.cacheWrite) }),
    ...(model === null ? {} : { model: model.slice(0, 250).toWellFormed().replaceAll('\0', '\uFFFD') }),
    ...(costUsd === null || costUsd < 0 ? {} : { costed: 'yes', cost: costField(String(costUsd)) }),
  };
}

/** A count as its field holds it. */
export function tokensField(count: number): string {
  return String(count).padStart(digits.tokens, '0');
}

/** An amount as its field holds it: decimal text, or a number as JavaScript writes it. */
export function costField(amount: string): string {
  const units = multiplyUsd(readUsd(amount) ?? '0', unitsOfUsd);
  const [whole = '0', fraction = '0'] = units.split('.');
  const rounded = BigInt(whole) + (fraction >= '5' ? 1n : 0n);
  return String(rounded).padStart(digits.cost, '0');
}

/** The amount that so many units of the field are. */
export function usdOfUnits(units: bigint): Usd {
  return multiplyUsd(usdOfUnit, String(units));
}

/** The model that the provider named. */
function modelOf({ providerMetadata, metadata }: Execution): string | null {
  const named = [providerMetadata['model'], metadata['model']];
  return named.find((model): model is string => typeof model === 'string' && model !== '') ?? null;
}
