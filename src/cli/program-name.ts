/** Decides how the program is called in the commands that it prints, so that they work when they are typed again. */
import { basename } from 'node:path';
import process from 'node:process';

/** True when `ao migrate` was called by the name that it has by itself. */
export function isCalledAoMigrate(script = process.argv[1] ?? ''): boolean {
  return /^ao-migrate(\.js)?$/.test(basename(script));
}

/** `script` is what was called: out of `node_modules` of a project it is on no search path, and npx finds it. */
export function programName(
  env: Readonly<Record<string, string | undefined>>,
  script = process.argv[1] ?? '',
): string {
  if (env['RUNLOG_COMMAND'] !== undefined && env['RUNLOG_COMMAND'] !== '') return env['RUNLOG_COMMAND'];
  if (env['npm_command'] === 'exec') return 'npx runlog';
  if (env['npm_lifecycle_event'] === 'quickstart' || env['npm_lifecycle_event'] === 'runlog')
    return 'npm run --silent runlog --';
  if (/[\\/]node_modules[\\/]\.bin[\\/]runlog$/.test(script)) return 'npx runlog';
  return 'runlog';
}
