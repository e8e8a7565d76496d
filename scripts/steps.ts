// The verbs `check`, `test` and `fix`: which steps each has, in which order, and what is printed.
// Static steps run two at a time and speak only when they fail; tests run last, live, in a single vitest process.
import { runHeldBack, runInherited, type StepResult } from './run-step.ts';
import { openScratchFolder } from './scratch-folder.ts';

/** Node 22 announces node:sqlite and type stripping on every start. */
const script = ['node', '--disable-warning=ExperimentalWarning'];

type Step = readonly [name: string, ...command: string[]];

const build: Step = ['build', ...script, 'scripts/build.ts'];
const freshBuild: Step = [...build, '--if-stale'];
const lint = ['oxlint', '--type-aware', '--deny-warnings'];

const staticSteps: readonly Step[] = [
  // The linter has the types of the whole house in hand, and tells of their errors too: a compiler beside it would find the same.
  ['lint and types', ...lint],
  ['pure types', 'tsc', '-p', 'tsconfig.pure.json'],
  ['format', 'oxfmt', '--list-different'],
  ['texts', ...script, 'scripts/embed-texts.ts', '--check'],
  ['kit pages', ...script, 'scripts/conformance-pages.ts', '--check'],
  ['json page', ...script, 'scripts/json-page.ts', '--check'],
];

/** What tests of `docs` and `unit` tell too; they are among all tests, and the first is not among the quick ones. */
const alsoTested: readonly Step[] = [
  ['error pages', ...script, 'scripts/error-pages.ts', '--check'],
  ['help texts', ...script, 'scripts/help-texts.ts', '--check'],
];

const fixSteps: readonly Step[] = [
  ['texts', ...script, 'scripts/embed-texts.ts'],
  ['error pages', ...script, 'scripts/error-pages.ts'],
  ['kit pages', ...script, 'scripts/conformance-pages.ts'],
  ['json page', ...script, 'scripts/json-page.ts'],
  ['help texts', ...script, 'scripts/help-texts.ts'],
  ['lint', ...lint, '--fix'],
  ['format', 'oxfmt'],
  freshBuild,
  ['public api', ...script, 'scripts/public-api.ts'],
];

const hints: Readonly<Record<string, string>> = {
  format: 'these files are not formatted; run `./dev fix`',
};

async function runStep(step: Step): Promise<StepResult> {
  const [name, ...command] = step;
  const result = await runHeldBack(name, command);
  const mark = result.exitCode === 0 ? 'ok    ' : 'FAILED';
  process.stderr.write(`${mark} ${name} (${result.seconds.toFixed(1)} s)\n`);
  if (result.exitCode !== 0) {
    process.stderr.write(`${result.output.trimEnd()}\n`);
    if (hints[name] !== undefined) process.stderr.write(`${hints[name]}\n`);
  }
  return result;
}

/** Runs all steps, `width` at a time and in order, whatever fails; says whether all went well. */
async function runAll(steps: readonly Step[], width: number): Promise<boolean> {
  const waiting = steps.values();
  let ok = true;
  async function work(): Promise<void> {
    for (const step of waiting) ok = (await runStep(step)).exitCode === 0 && ok;
  }
  await Promise.all(Array.from({ length: width }, work));
  return ok;
}

async function vitest(...args: readonly string[]): Promise<boolean> {
  const scratch = openScratchFolder();
  try {
    return (await runInherited(['vitest', 'run', ...args], scratch.env)) === 0;
  } finally {
    scratch.remove();
  }
}

const quickTests = ['--project', 'unit', '--project', 'architecture'];

/** With arguments only the tests that they name are run, and naming none is a failure. */
async function named(...args: readonly string[]): Promise<boolean> {
  return vitest('--passWithNoTests=false', ...args);
}

async function check(args: readonly string[]): Promise<boolean> {
  if (args.length > 0) return named(...quickTests, ...args);
  const sound = await runAll([...staticSteps, ...alsoTested], 2);
  return (await vitest(...quickTests)) && sound;
}

async function test(args: readonly string[]): Promise<boolean> {
  if (args.length > 0) return (await runAll([freshBuild], 1)) && named(...args);
  const sound = await runAll([build, ...staticSteps], 2);
  const packaged = await runAll([['package', 'publint', '--strict']], 1);
  // Programs of vendors are hundreds of megabytes; `test:agents` has its own verb.
  return (await vitest('--project', '!agents')) && sound && packaged;
}

/** Texts first; the API last, since it is read from what is built; one at a time, since both tools write the same files. */
async function fix(): Promise<boolean> {
  return runAll(fixSteps, 1);
}

const startedMs = performance.now();
const [verb, ...args] = process.argv.slice(2);
const verbs = { check, test, fix };
if (verb !== 'check' && verb !== 'test' && verb !== 'fix') {
  process.stderr.write(`steps.ts: unknown verb '${verb ?? ''}'; known: ${Object.keys(verbs).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const ok = await verbs[verb](args);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stderr.write(`${verb}: ${ok ? 'everything is fine' : 'FAILED'} (${seconds} s)\n`);
  process.exitCode = ok ? 0 : 1;
}
