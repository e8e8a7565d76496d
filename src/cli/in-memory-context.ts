/** Decides what a command is given when nobody looks: an environment without a word, signals that never come, and a list of what it said. */
import { plainPaint } from '../view/index.ts';
import type { CliContext } from './cli-context.ts';

/** A context for scripts and tests; `out` and `err` grow by what the command says. */
export interface InMemoryContext extends CliContext {
  readonly out: readonly string[];
  readonly err: readonly string[];
}

export function inMemoryContext(): InMemoryContext {
  const [out, err]: [string[], string[]] = [[], []];
  const never = new AbortController().signal;
  return {
    out,
    err,
    terminal: {
      out: async (text) => void out.push(text),
      err: async (text) => void err.push(text),
      isTty: false,
      columns: null,
      env: {},
    },
    paint: plainPaint,
    signal: never,
    insisted: never,
    names: {},
    exitCode: 0,
    endsAtOnce: false,
  };
}
