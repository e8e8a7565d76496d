// Installs the packages of the lockfile when it changed since the last time; the stamp is a copy of the lockfile.
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { onlyOne } from './only-one.ts';
import { runHeldBack } from './run-step.ts';

const lockfile = 'package-lock.json';
const stamp = 'node_modules/.installed-lock.json';

function isInstalled(): boolean {
  return existsSync(stamp) && readFileSync(stamp).equals(readFileSync(lockfile));
}

async function install(): Promise<number> {
  if (isInstalled()) return 0;
  process.stderr.write('dev: installing packages (npm ci)\n');
  const { exitCode, output } = await runHeldBack('install', ['npm', 'ci', '--no-audit', '--no-fund']);
  if (exitCode === 0) copyFileSync(lockfile, stamp);
  else process.stderr.write(`${output}\ndev: npm ci failed\n`);
  return exitCode;
}

process.exitCode = await onlyOne('install', install);
