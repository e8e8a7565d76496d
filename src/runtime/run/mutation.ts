/** Decides how a graph is changed from outside: all of it at once, in the name of whoever asked, or not at all. */
import { formatInstant, IncompatibleRuntimeState } from '../../base/index.ts';
import { Changes, type GraphWriter, Overlay } from '../../graph/index.ts';
import type { Engine } from '../engine.ts';
import { asyncDecision } from '../errors.ts';
import { isThenable } from '../invocation/waiting.ts';

/** Appends what `change` does as one group. Appends nothing when it throws, or when it is asynchronous. */
export function mutation<Result>(
  engine: Engine,
  change: (graph: GraphWriter) => Result,
  actor: string,
): Result {
  const { journal, state, types, guest } = engine;
  let isOver = false;
  const changes = new Changes(new Overlay(journal.overlay), state.counters, {
    actor,
    causedBy: null,
    frameId: journal.frameId,
    timestamp: formatInstant(journal.nowMs()),
    types,
    checkGate: () => undefined,
    checkOpen: () => {
      if (isOver) throw afterwards();
    },
    origin: () => ({}),
  });
  try {
    const result = guest.run('mutate', () => change(changes.writer()));
    if (isThenable(result)) {
      // What it does later is refused one by one; nobody else waits for it.
      result.then(undefined, () => undefined);
      throw asyncDecision({ what: 'the function given to `mutate`' });
    }
    journal.appendGroup(changes.drafts);
    return result;
  } finally {
    isOver = true;
  }
}

function afterwards(): Error {
  return new IncompatibleRuntimeState({
    summary: 'a graph writer was used after its `mutate` ended',
    whatFailed: 'A change was made through the writer of a `mutate` call that is over.',
    why: 'The changes of one `mutate` are one commit; a later change would belong to none.',
    howToFix: 'Make all changes inside the function, without waiting in it, or call `mutate` again.',
  });
}
