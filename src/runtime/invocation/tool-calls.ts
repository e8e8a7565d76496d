/**
 * Decides in which order the tool calls of a handler go: one after the other, whatever the handler awaits, so that their order
 * in the log is always the same. A call that was made is carried out, and an invocation ends after its last one, also when its
 * handler has failed by then: which calls are made must not depend on how long any of them takes.
 */
import type { ToolAnswer } from '../../effects/index.ts';
import { intakePayload } from '../../log/index.ts';
import { runtimeContextRequired } from '../errors.ts';
import type { CallScope } from './call-scope.ts';
import { callTool } from './call-tool.ts';

const method = 'ctx.callTool';

export class ToolCalls {
  readonly #scope: CallScope;
  #last: Promise<unknown> = Promise.resolve();
  #underWay = 0;
  #isOver = false;

  constructor(scope: CallScope) {
    this.#scope = scope;
  }

  get areUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** Rejects with the failure of the tool, and with `RuntimeContextRequiredError` after the end. */
  call(name: string, args: object): Promise<ToolAnswer> {
    const answer = this.#call(name, args);
    // Whether the handler waits for it or not: the log has the failure, and the process must not die of it.
    answer.catch(() => undefined);
    return answer;
  }

  async #call(name: string, args: object): Promise<ToolAnswer> {
    this.#checkOpen();
    const taken = intakePayload(args).value;
    this.#underWay += 1;
    const call = this.#last
      .then(() => {
        this.#checkOpen();
        this.#scope.toolCallCount += 1;
        const { event } = this.#scope;
        return callTool(this.#scope, { name, args: taken, callId: null, causedBy: event.id });
      })
      .finally(() => {
        this.#underWay -= 1;
      });
    this.#last = call.catch(() => undefined);
    return call;
  }

  /** Resolves when every call has ended, and starts none after that. */
  async ended(): Promise<void> {
    while (this.#underWay > 0) await this.#last;
    this.#isOver = true;
  }

  #checkOpen(): void {
    this.#scope.checkNotOver(method);
    if (this.#isOver) throw runtimeContextRequired({ method });
  }
}
