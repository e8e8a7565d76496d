/** Decides how what was dropped is told where its data stood. */
import type { RedactionNote } from '../../log/index.ts';

/** Who dropped it, when and why. Not cleaned: the line that it becomes part of is. */
export function redactionNoteText({ by, at, reason }: RedactionNote): string {
  return `redacted by ${by} at ${at}: ${reason}`;
}
