/** Decides how git is asked for the origin of a folder: briefly, without a terminal, and without a lock. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const limitMs = 5000;

/** Empty for a folder without git, without an origin, or when git takes longer than five seconds. */
export function gitOrigin(folder: string): string {
  const { status, stdout } = spawnSync('git', ['-C', folder, 'remote', 'get-url', 'origin'], {
    encoding: 'utf8',
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  return status === 0 ? stdout.trim() : '';
}

/** A hook of git that runs this command would otherwise send it to its own repository. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}
