/**
 * Decides what a name means in a run: the thing that is called exactly so, or else, for a name without a dot, the only one of
 * all packs that has it as its short name.
 */
import { type Kind, nameAmbiguous, nameNotFound } from './lookup-errors.ts';

/** Throws `BehaviorNotFoundError` or `ToolNotFoundError`, and `AmbiguousBehaviorError` or `AmbiguousToolError`. */
export function lookUp<Named extends { readonly name: string }>(
  kind: Kind,
  all: readonly Named[],
  name: string,
): Named {
  const exact = all.find((one) => one.name === name);
  if (exact !== undefined) return exact;
  const found = name.includes('.') ? [] : all.filter((one) => one.name.endsWith(`.${name}`));
  const [only, another] = found;
  if (another !== undefined) throw nameAmbiguous(kind, name, namesOf(found));
  if (only === undefined) throw nameNotFound(kind, name, namesOf(all));
  return only;
}

function namesOf(all: readonly { readonly name: string }[]): readonly string[] {
  return all.map(({ name }) => name);
}
