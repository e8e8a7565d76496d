// Decides whether dist/ still is what the sources say: it is stale when any input of the build is newer.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const inputs = [
  'src',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsdown.config.ts',
  'scripts/parts',
];
// What is written last.
const product = 'dist/schemas/error.json';

export function isBuildFresh(): boolean {
  if (!existsSync(product)) return false;
  const builtMs = statSync(product).mtimeMs;
  return inputs.every((input) => newestMs(input) < builtMs);
}

// A folder counts with its own time too, so that a deleted file makes the build stale.
function newestMs(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestMs(join(path, name))),
    stat.mtimeMs,
  );
}
