/** Decides which prompts the pack has: the text files beside this one, each the role of the behavior that is called like it. */
import { type PackPrompt, parsePrompt } from '../index.ts';
import { texts } from './texts.gen.ts';

/** By name, as they stand in `pack.loaded`. */
export const prompts: readonly PackPrompt[] = Object.keys(texts)
  .filter((path) => path.startsWith('prompts/'))
  .sort()
  .map((path) => parsePrompt(path, texts[path] ?? ''));
