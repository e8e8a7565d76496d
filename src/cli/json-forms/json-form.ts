/** Decides of what the published forms of JSON are put together: what `--json` prints is described by these and nothing else. */
import { z } from 'zod';

/** One thing that a command prints with `--json`. */
export interface JsonForm {
  /** With which options it is printed; empty for what the command prints by itself. */
  readonly when: string;
  /** True for one of many values, each in a line of its own. */
  readonly isLine?: true;
  readonly schema: z.ZodType;
}

/** Our own object: another field would be one that nobody has described. */
export const ours = z.strictObject;

/** What a program, a pack, an agent or a provider has put there. */
export const theirs = z.record(z.string(), z.unknown());
export const anyValue = z.unknown();

export const text = z.string();
export const textOrNull = z.string().nullable();
export const flag = z.boolean();
export const count = z.int().min(0);
export const countOrNull = z.int().min(0).nullable();
export const time = z.string().describe('ISO 8601');
export const timeOrNull = time.nullable();
export const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the chain up to here');
export const usd = z.string().describe('US dollars, exact, as decimal text');
export const usdOrNull = usd.nullable();
export const texts = z.array(z.string());

/** What a command prints whatever it is given. */
export function always(schema: z.ZodType): readonly JsonForm[] {
  return [{ when: '', schema }];
}
