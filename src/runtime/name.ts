/** Decides what a behavior or a frame may be called: the log repeats the name, so it has to fit into an event of every store. */
import { commitLimits } from '../log/index.ts';

export function isName(name: unknown): name is string {
  const isText = typeof name === 'string' && name.length > 0 && name.length <= commitLimits.idCharacters;
  return isText && name.isWellFormed() && !name.includes('\0');
}
