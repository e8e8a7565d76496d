/** Decides how it is told that standard output takes no more. Loaded when that happens. */
import { outputFailed } from '../../app/index.ts';
import type { OutputRefused } from '../terminal.ts';

export function refusedOutput({ cause }: OutputRefused): Error {
  return outputFailed(
    'standard output',
    cause,
    'Check where the output is redirected to: whether it can be written, and has room.',
  );
}
