/** Decides whether what a command prints has colours. Loaded for commands: help and the version answer without it. */
import { colourPaint, plainPaint } from '../../view/index.ts';
import type { CliContext } from '../cli-context.ts';
import type { Terminal } from '../terminal.ts';

export function commandPaint(terminal: Terminal): CliContext['paint'] {
  return hasColour(terminal) ? colourPaint : plainPaint;
}

/** https://no-color.org: any value but the empty one switches colours off. */
function hasColour({ isTty, env }: Terminal): boolean {
  return isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
