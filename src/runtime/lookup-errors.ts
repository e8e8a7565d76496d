/** Decides how a name that fits nothing, or more than one thing, is answered: with the names that would do. */
import {
  errorClass,
  nearestNames,
  NotFoundError,
  RegistrationError,
  type StructuredError,
} from '../base/index.ts';

/** A behavior was asked for by a name that none has. */
export const BehaviorNotFoundError = errorClass('BehaviorNotFoundError', RegistrationError, NotFoundError);
/** A tool was asked for by a name that none has. */
export const ToolNotFoundError = errorClass('ToolNotFoundError', RegistrationError, NotFoundError);
/** A short behavior name fits behaviors of two packs. */
export const AmbiguousBehaviorError = errorClass('AmbiguousBehaviorError', RegistrationError, RangeError);
/** A short tool name fits tools of two packs. */
export const AmbiguousToolError = errorClass('AmbiguousToolError', RegistrationError, RangeError);

export type Kind = 'behavior' | 'tool';

/** How many of the known names an error lists. */
const listedAtMost = 6;

export function nameNotFound(kind: Kind, name: string, known: readonly string[]): StructuredError {
  const near = nearestNames(name, known);
  const listed = known.slice(0, listedAtMost).join(', ') || 'none';
  const more = known.length > listedAtMost ? ` and ${known.length - listedAtMost} more` : '';
  const details = {
    summary: `no ${kind} is called '${name}'`,
    whatFailed: `A ${kind} was asked for as '${name}'; there are: ${listed}${more}.`,
    why: 'A name with a dot means exactly one thing; a short one is looked for in every pack that is loaded.',
    howToFix:
      near.length > 0
        ? `Did you mean ${near.map((one) => `'${one}'`).join(' or ')}?`
        : `Check the spelling, and load the pack that the ${kind} comes with.`,
    context: { name, registered: known.slice(0, listedAtMost), registered_count: known.length },
  };
  return kind === 'tool' ? new ToolNotFoundError(details) : new BehaviorNotFoundError(details);
}

export function nameAmbiguous(kind: Kind, name: string, found: readonly string[]): StructuredError {
  const details = {
    summary: `more than one ${kind} is called '${name}'`,
    whatFailed: `A ${kind} was asked for as '${name}'; that fits ${found.map((one) => `'${one}'`).join(' and ')}.`,
    why: 'Whichever were taken, somebody would have meant the other one.',
    howToFix: `Use the full name: '${found[0] ?? name}'.`,
    context: { name, found: [...found] },
  };
  return kind === 'tool' ? new AmbiguousToolError(details) : new AmbiguousBehaviorError(details);
}
