/** Decides which ids a caller may choose for what is new. What is read from a store, or moved into one, keeps its own. */
import { faultOfNewId } from '../../base/index.ts';
import { sessionError } from '../errors/session-error.ts';

/** Throws `ValidationError`. What is no text is refused where the document is read. */
export function checkChosenId(thing: 'session' | 'run', id: unknown): void {
  const fault = typeof id === 'string' && id !== '' ? faultOfNewId(id) : null;
  if (fault === null) return;
  throw sessionError('validation_error', `the id of a ${thing}, ${JSON.stringify(id)}, ${fault}`, {
    details: { field: 'id', thing },
    why: 'An id stands in lists and in commands: it has to be told on one line, and typed again.',
    howToFix: "Choose another, such as 'demo-2', or leave it out: one is made then.",
  });
}
