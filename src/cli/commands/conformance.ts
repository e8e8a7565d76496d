/** The command `conformance`: puts what somebody has written for a port through its kit. Ends with 4 when it does not pass. */
import process from 'node:process';
import type { OptionWords } from '../arguments/declaration.ts';
import { InvalidValue } from '../arguments/invalid-value.ts';
import { checkPort, checkSessionStore, checkStore } from '../../app/index.ts';
import type { CaseResult, StoreReport } from '../../conformance/index.ts';
import { kitProgress, kitText, kitToJson } from '../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import { checkCaseNames, type KitPort, kits, knownCase, knownGroup } from '../kit-cases.ts';
import { takesJson } from '../arguments/option-values.ts';
import { printErrorLines, printJson, printLines } from '../print.ts';
import { usageError } from '../usage-error.ts';

interface KitFlags {
  readonly port: KitPort;
  readonly group?: readonly string[];
  readonly case?: readonly string[];
  readonly seed?: number;
  readonly timeLimit?: number;
  readonly kill?: boolean;
  readonly killChild?: string;
  readonly json?: boolean;
}

export const declareConformance: DeclareCommand = (command, context) => {
  takesJson(
    command
      .argument('<module>', 'a module whose default export makes what is asked, such as ./my-store.ts')
      .addOption(portOption)
      .listOption('--group <name>', 'only the cases of this group; may be given several times', knownGroup)
      .listOption('--case <id>', 'only this case; may be given several times', knownCase)
      .option('--seed <n>', 'what the cases that draw by chance draw from; 1 without it', wholeNumber)
      .option('--time-limit <seconds>', 'how long one case may take; 120 without it', wholeNumber)
      .addOption(killOption)
      .addOption({ flags: '--kill-child <request>', isHidden: true }),
  )
    .addHelp(
      examples(
        'runlog conformance ./my-store.ts',
        'runlog conformance ./my-store.ts --group append --group retry',
        'runlog conformance ./my-store.ts --case crash/nothing-is-torn --json',
        'runlog conformance ./my-store.ts --kill',
        'runlog conformance --port session-store ./my-session-store.ts',
        'runlog conformance --port session-store ./my-session-store.ts --kill',
        'runlog conformance --port agent ./my-agent.ts',
      ),
    )
    .action(async (module: string, flags: KitFlags) => {
      if (flags.killChild !== undefined) return actAsChild(module, flags.killChild);
      const report =
        flags.kill === true ? await killed(module, flags, context) : await asked(module, flags, context);
      if (flags.json === true) await printJson(context, kitToJson(report));
      else await printLines(context, kitText(report));
      context.exitCode = report.failed === 0 ? exitCodes.ok : exitCodes.damaged;
      context.endsAtOnce = report.results.some(({ timedOut }) => timedOut);
    });
};

const portOption: OptionWords = {
  flags: '--port <port>',
  about: 'what the module makes: stores of logs, or what else there is a kit for',
  choices: Object.keys(kits),
  initial: 'store',
};

const killOption: OptionWords = {
  flags: '--kill',
  about: 'only the cases that need processes: some that write to the store are killed',
  conflicts: ['group', 'case', 'seed', 'timeLimit'],
};

async function asked(module: string, flags: KitFlags, context: CliContext): Promise<StoreReport> {
  const { group, case: id, seed, timeLimit } = flags;
  checkCaseNames(flags);
  const progress = new Progress(context);
  const options = {
    ...(group === undefined ? {} : { groups: group }),
    ...(id === undefined ? {} : { cases: id }),
    ...(timeLimit === undefined ? {} : { timeLimitMs: timeLimit * 1000 }),
    onStart: () => context.signal.throwIfAborted(),
    onResult: (result: CaseResult) => progress.take(result),
  };
  const drawn = seed === undefined ? {} : { seed };
  const report = await check(flags.port, module, { ...options, ...drawn });
  await progress.end();
  return report;
}

async function check(
  port: KitPort,
  module: string,
  options: NonNullable<Parameters<typeof checkStore>[1]>,
): Promise<StoreReport> {
  if (port === 'store') return checkStore(module, options);
  const { seed, ...rest } = options;
  if (seed !== undefined)
    throw usageError(
      `--seed: the kit for --port ${port} draws nothing.`,
      'runlog conformance',
      'Leave it out.',
    );
  if (port === 'session-store') return checkSessionStore(module, rest);
  return checkPort(port, module, rest);
}

/** Its children are this command again, with a request. */
async function killed(module: string, { port }: KitFlags, { signal }: CliContext): Promise<StoreReport> {
  if (port !== 'store' && port !== 'session-store') {
    throw usageError(
      `--kill: no case of the kit for --port ${port} needs processes.`,
      'runlog conformance',
      'Leave it out.',
    );
  }
  const { killStores } = await import('../kill/kill-stores.ts');
  const [, program = ''] = process.argv;
  const child = [process.execPath, ...process.execArgv, program, 'conformance', module, '--kill-child'];
  return killStores(module, { child, port, signal });
}

async function actAsChild(module: string, request: string): Promise<void> {
  await (await import('../kill/kill-child.ts')).killChild(module, request);
}

/** On a terminal: a line for each group that is done. */
class Progress {
  readonly #context: CliContext;
  #group = '';
  #passed = 0;
  #failed = 0;
  #printing: Promise<void> = Promise.resolve();

  constructor(context: CliContext) {
    this.#context = context;
  }

  take({ group, ok }: { readonly group: string; readonly ok: boolean }): void {
    if (group !== this.#group) this.#tell();
    this.#group = group;
    if (ok) this.#passed += 1;
    else this.#failed += 1;
  }

  async end(): Promise<void> {
    this.#tell();
    await this.#printing;
  }

  #tell(): void {
    const text = kitProgress(this.#group, this.#passed, this.#failed);
    if (this.#context.terminal.isTty && this.#group !== '')
      this.#printing = this.#printing.then(() => printErrorLines(this.#context, [text]));
    this.#passed = 0;
    this.#failed = 0;
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new InvalidValue('It has to be a whole number, 1 or more.');
  return Number(text);
}
