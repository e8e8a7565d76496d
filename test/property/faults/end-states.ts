/** Decides in which of the states that the docs list a program ends whose store misbehaved. */
import { readFileSync } from 'node:fs';
import { RuntimeClosedError } from 'runlog';
import { FaultError } from '../../harness/faulty-store.ts';
import type { Step } from './scripted-run.ts';
import type { Outcome } from './turns.ts';

/** What the program saw: the step at which it noticed something, and what came of closing after that. */
export interface Seen {
  readonly step: Step | null;
  readonly outcome: Outcome<unknown>;
  /** What came of closing what was open; `null` when nothing was. */
  readonly closing: Outcome<unknown> | null;
  /** What came of the step that waited, once the program closed. */
  readonly afterClosing: Outcome<unknown>;
  /** What came of a further command. */
  readonly command: Outcome<unknown> | null;
  /** True when somebody still holds the run after all. */
  readonly isClaimed: boolean;
}

/** The first words of the rows of the table in the docs. */
export function listedStates(): readonly string[] {
  const page = readFileSync('docs/concepts/ownership-and-crashes.md', 'utf8');
  const [, section = ''] = page.split('## When the store fails');
  const [body = ''] = section.split('\n## ');
  return [...body.matchAll(/^\| `(\w+)` \|/gm)].map(([, word = '']) => word);
}

/** The state, or what was seen when it is none of them. */
export function stateOf(seen: Seen): string {
  const { step, outcome } = seen;
  if (step === null) return seen.isClaimed ? 'claimed' : 'unnoticed';
  if (outcome.kind === 'waits') return waitingState(seen, step);
  if (outcome.kind === 'done') return odd(seen);
  const { error } = outcome;
  if (error instanceof RuntimeClosedError) {
    if (step.kind === 'closes') return isGivenUp(outcome) || isOfStore(error.cause) ? 'unclosed' : odd(seen);
    return isOfStore(error.cause) && isClosedFor(seen.command) ? 'closed' : odd(seen);
  }
  if (!isOfStore(error)) return odd(seen);
  if (step.kind === 'opens') return 'refused';
  if (step.kind === 'closes') return 'unclosed';
  return 'unread';
}

function waitingState(seen: Seen, step: Step): string {
  const { closing, afterClosing } = seen;
  if (step.kind === 'opens') return 'unopened';
  if (closing?.kind === 'waits') return odd(seen);
  // A reading call has nothing to give up: it is the program's to wait for or not.
  if (step.kind === 'reads' && afterClosing.kind === 'waits') return 'unanswered';
  return isGivenUp(afterClosing) ? 'unanswered' : odd(seen);
}

function isGivenUp(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'refused' && outcome.error instanceof RuntimeClosedError;
}

function isClosedFor(command: Outcome<unknown> | null): boolean {
  return command !== null && isGivenUp(command);
}

function isOfStore(error: unknown): boolean {
  return error instanceof FaultError;
}

function odd({ step, outcome, closing, afterClosing, command, isClaimed }: Seen): string {
  const told = (each: Outcome<unknown> | null): string =>
    each?.kind === 'refused' ? String(each.error) : (each?.kind ?? 'nothing');
  return `odd: ${step?.name ?? 'end'} ${told(outcome)}, closing ${told(closing)}, then ${told(afterClosing)}, command ${told(command)}, ${isClaimed ? 'claimed' : 'free'}`;
}
