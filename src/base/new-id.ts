/**
 * Decides which ids somebody who makes something may choose: those that stand on one line and can be typed again. Stores take more,
 * because what is moved into one keeps the ids that it has.
 */
import { InvalidRuntimeConfiguration } from './error-categories.ts';
import { checkArguments } from './argument-check.ts';

/** Line breaks, tabs and whatever else steers what it is shown on. */
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What is wrong with a new id; `null` when nothing is. */
export function faultOfNewId(id: string): string | null {
  if (control.test(id)) return 'holds a line break, a tab or another control character';
  return id.trim() === '' ? 'is nothing but blanks' : null;
}

/** Throws `InvalidRuntimeConfiguration`; `what` says what the id is of. */
export function checkNewId(what: string, id: string): void {
  checkArguments('checkNewId', { what: [what, 'text'], id: [id, 'text'] });
  const fault = faultOfNewId(id);
  if (fault === null) return;
  throw new InvalidRuntimeConfiguration({
    summary: `${what}, ${JSON.stringify(id)}, ${fault}`,
    whatFailed: `${what}, ${JSON.stringify(id)}, ${fault}. Nothing was made.`,
    why: 'An id stands in lists and in commands: it has to be told on one line, and typed again.',
    howToFix: "Choose another, such as 'demo-2', or leave it out: one is drawn then.",
    context: { id },
  });
}
