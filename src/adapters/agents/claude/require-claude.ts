/** Decides whether the program is there, before anything is stored for it, and what to type when it is not. */
import { checkArguments } from '../../../base/index.ts';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { sessionError } from '../../../sessions/index.ts';

export const installLine = 'npm install -g @anthropic-ai/claude-code';

/** Throws `DependencyNotAvailableError` when the search path has no `claude`. */
export function requireClaude(searchPath: string = process.env['PATH'] ?? ''): void {
  checkArguments('requireClaude', { searchPath: [searchPath, 'text'] });
  if (searchPath.split(delimiter).some((folder) => isProgram(join(folder, 'claude')))) return;
  throw sessionError('dependency_not_available', 'the program `claude` is not installed', {
    details: { dependency: '@anthropic-ai/claude-code', program: 'claude' },
    whatFailed:
      'Claude Code was to be started, and no folder of the search path (PATH) has a program `claude`.',
    why: 'The agent is a program of its own, which runlog starts and does not contain. Nothing was stored.',
    howToFix: `Install it with \`${installLine}\`, and log in once with \`claude\`.`,
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
