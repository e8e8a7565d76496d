// The verb `test:agents`: puts the real programs of agents under .tools/ when they are not there, and runs the tests that need them.
// They are never dependencies: they are large, and nobody who uses the package needs them.
import { existsSync, readFileSync } from 'node:fs';
import { onlyOne } from './only-one.ts';
import { runHeldBack, runInherited } from './run-step.ts';

const program = { name: '@anthropic-ai/claude-code', version: '2.1.329', folder: '.tools/claude' };

function isThere(): boolean {
  const path = `${program.folder}/node_modules/${program.name}/package.json`;
  return existsSync(path) && readFileSync(path, 'utf8').includes(`"version": "${program.version}"`);
}

async function putInPlace(): Promise<number> {
  if (isThere()) return 0;
  const { name, version, folder } = program;
  process.stderr.write(`dev: putting ${name} ${version} under ${folder}/ (once)\n`);
  const install = ['npm', 'install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund'];
  const { exitCode, output } = await runHeldBack(name, [
    ...install,
    '--ignore-scripts',
    `${name}@${version}`,
  ]);
  if (exitCode !== 0) process.stderr.write(`${output}\ndev: ${name} could not be installed\n`);
  return exitCode;
}

const installed = await onlyOne('agents', putInPlace);
process.exitCode =
  installed === 0
    ? await runInherited(['vitest', 'run', '--project', 'agents', ...process.argv.slice(2)])
    : installed;
