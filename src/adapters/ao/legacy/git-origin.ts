/** Decides how git is asked for the origin of a folder: only where there is a repository, briefly, without a terminal, and without a lock. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const limitMs = 5000;

/** Empty for a folder without git, without an origin, or when git takes longer than five seconds. */
export function gitOrigin(folder: string): string {
  if (!isInRepository(folder)) return '';
  const { status, stdout } = spawnSync('git', ['-C', folder, 'remote', 'get-url', 'origin'], {
    encoding: 'utf8',
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  return status === 0 ? stdout.trim() : '';
}

/** Looks where git looks: here and above, for `.git` or for what a bare repository has. Starting git takes a hundred times as long. */
function isInRepository(folder: string): boolean {
  for (let at = realPath(folder), below = ''; at !== below; below = at, at = dirname(at))
    if (['.git', 'objects'].some((name) => existsSync(join(at, name)))) return true;
  return false;
}

/** Empty for a folder that is not there. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return '';
  }
}

/** A hook of git that runs this command would otherwise send it to its own repository. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}
