/** Decides what a handler gets: frozen parts, each made when it is looked at, so that a handler pays for what it uses. */
import type { GraphWriter, Relation, View } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { Context } from '../behavior.ts';
import type { ModelOutcome } from './ask-model.ts';

/** Where the parts come from. */
export interface InputSource {
  readonly event: LogEvent;
  readonly relation: Relation | null;
  readonly graph: GraphWriter;
  readonly context: Context<never>;
  openView(): View;
}

export function handlerInput(source: InputSource, outcome: ModelOutcome | null): object {
  return new HandlerParts(source, outcome);
}

class HandlerParts {
  readonly relation: Relation | null;
  readonly output: unknown;
  readonly rawText: string | null;
  readonly #source: InputSource;

  constructor(source: InputSource, outcome: ModelOutcome | null) {
    this.#source = source;
    this.relation = source.relation;
    this.output = outcome?.output;
    this.rawText = outcome?.rawText ?? null;
  }

  get event(): LogEvent {
    return this.#source.event;
  }

  get graph(): GraphWriter {
    return this.#source.graph;
  }

  get view(): View {
    return this.#source.openView();
  }

  get ctx(): Context<never> {
    return this.#source.context;
  }
}
