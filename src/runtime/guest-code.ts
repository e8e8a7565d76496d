/**
 * Decides what people's code may call while it is called itself: a handler that awaits a command of its own run waits for
 * itself, and a command inside another one would draw the same ids. What can be told is refused, which is every call that is
 * made before the code waits for something else.
 */
import { IncompatibleRuntimeState } from '../base/index.ts';

export class GuestCode {
  #running: string | null = null;

  /** Runs a function of the program; `what` names it in the refusal. */
  run<Result>(what: string, code: () => Result): Result {
    const before = this.#running;
    this.#running = what;
    try {
      return code();
    } finally {
      this.#running = before;
    }
  }

  /** Throws `IncompatibleRuntimeState` when a function of the program is being called right now. */
  checkOutside(): void {
    if (this.#running === null) return;
    throw new IncompatibleRuntimeState({
      summary: `a command of the runtime was given inside '${this.#running}'`,
      whatFailed: `The runtime was to run or change something while it was calling '${this.#running}'.`,
      why: 'Who waits there for the runtime waits for itself, and changes from two places at once would get the same ids.',
      howToFix:
        'Use the `graph` that the function was given. What has to come after it is given when it has returned.',
      context: { inside: this.#running },
    });
  }
}
