// Builds dist/. With --if-stale it does nothing when dist/ already is what the sources say.
import { isBuildFresh } from './fresh-build.ts';
import { onlyOne } from './only-one.ts';
import { runHeldBack } from './run-step.ts';
import { writeJsonSchemas } from './json-schemas.ts';

const onlyIfStale = process.argv.includes('--if-stale');

async function build(): Promise<number> {
  if (onlyIfStale && isBuildFresh()) return 0;
  process.stderr.write('building…\n');
  const { exitCode, output, seconds } = await runHeldBack('build', ['tsdown']);
  if (exitCode === 0) await writeJsonSchemas('dist/schemas');
  process.stderr.write(
    exitCode === 0 ? `built in ${seconds.toFixed(1)} s\n` : `${output}\nthe build FAILED\n`,
  );
  return exitCode;
}

process.exitCode = await onlyOne('build', build);
