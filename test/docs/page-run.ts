// Runs the steps of pages as a reader would: in an empty folder, with the built package installed and `runlog` on the path.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asmDatabaseSql } from '../fixtures/asm/asm-tables.ts';
import { askCommand, askProgram, type KeptAnswer } from '../harness/kept-process/ask-kept.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import type { PageStep, ProgramStep, ShellCommand, ShellStep } from './page-steps.ts';
import { plainWords } from './plain-words.ts';
import { withoutVolatile } from './volatile.ts';

/** A folder with the package under node_modules, as `npm install` leaves it. Remove it after use. */
export class Workplace {
  readonly root = mkdtempSync(join(tmpdir(), 'runlog-docs-'));
  readonly #verbs: ReadonlySet<string>;

  constructor() {
    if (!existsSync('dist/index.js')) throw new Error('dist/ is missing; run `./dev build` first');
    mkdirSync(join(this.root, 'node_modules/@types'), { recursive: true });
    symlinkSync(resolve('.'), join(this.root, 'node_modules/runlog'));
    for (const name of ['zod', 'pg', '@types/node', '@types/pg']) {
      symlinkSync(resolve('node_modules', name), join(this.root, 'node_modules', name));
    }
    writeFileSync(join(this.root, 'package.json'), '{ "type": "module" }\n');
    mkdirSync(join(this.root, '.agent-orchestrator/projects'), { recursive: true });
    mkdirSync(join(this.root, 'bin'));
    const command = join(this.root, 'bin/runlog');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/runlog.js')}" "$@"\n`);
    chmodSync(command, 0o755);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    this.#verbs = new Set(Object.keys(scripts));
  }

  /** Where the files of a page are. */
  folderOf(pagePath: string): string {
    const folder = join(this.root, 'pages', pagePath.replaceAll('/', '-').replace(/\.md$/, ''));
    mkdirSync(folder, { recursive: true });
    // What the reader of a page has already: databases of the originals, and of LangGraph.js.
    copyFileSync('test/fixtures/activegraph/forks.db', join(folder, 'activegraph.db'));
    copyFileSync('test/fixtures/langgraph/threads.sqlite', join(folder, 'langgraph.sqlite'));
    if (!existsSync(join(folder, 'asm.db'))) {
      const database = new DatabaseSync(join(folder, 'asm.db'));
      database.exec(asmDatabaseSql('sqlite', '0.8'));
      database.close();
    }
    return folder;
  }

  /** Runs one step; says what it did other than the page says. */
  async run(step: PageStep, folder: string): Promise<string[]> {
    const { output, problems } =
      step.kind === 'program' ? await this.#runProgram(step, folder) : await this.#runShell(step, folder);
    if (problems.length > 0 || step.expected === null) return problems;
    if (withoutVolatile(output) === withoutVolatile(step.expected)) return problems;
    return [`line ${step.line} prints\n${output}\nand the page says\n${step.expected}`];
  }

  /** Saves the programs of a page for the compiler, and runs nothing. */
  save(steps: readonly PageStep[], folder: string): void {
    for (const step of steps) if (step.kind === 'program') writeFileSync(join(folder, step.file), step.text);
  }

  /** What the compiler says about every program that has been saved. */
  typeErrors(): string {
    const compilerOptions = {
      target: 'es2024',
      lib: ['es2024'],
      types: ['node'],
      module: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    };
    writeFileSync(join(this.root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['pages'] }));
    const { stdout } = spawnSync(resolve('node_modules/.bin/tsc'), ['-p', this.root], {
      cwd: this.root,
      encoding: 'utf8',
    });
    return stdout;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  async #runProgram(step: ProgramStep, folder: string): Promise<Outcome> {
    writeFileSync(join(folder, step.file), step.text);
    return this.#runCommand({ text: `node ${step.file}`, exitCode: 0 }, step.line, folder);
  }

  async #runShell(step: ShellStep, folder: string): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    for (const command of step.commands) outcomes.push(await this.#runLine(command, step.line, folder));
    return {
      output: outcomes.map(({ output }) => output).join(''),
      problems: outcomes.flatMap(({ problems }) => problems),
    };
  }

  /** `runlog`, `node` and what cuts files are run; of what builds and installs only the verb is checked. */
  async #runLine(command: ShellCommand, line: number, folder: string): Promise<Outcome> {
    const [program = '', verb = ''] = command.text.split(/\s+/);
    if (['runlog', 'node', 'head', 'sed'].includes(program)) return this.#runCommand(command, line, folder);
    if (program === './dev') {
      return {
        output: '',
        problems: this.#verbs.has(verb) ? [] : [`line ${line}: ./dev has no verb '${verb}'`],
      };
    }
    const isSetup = ['npm', 'git', 'cd'].includes(program);
    return {
      output: '',
      problems: isSetup ? [] : [`line ${line}: '${program}' is not a command that pages use`],
    };
  }

  async #runCommand({ text, exitCode }: ShellCommand, line: number, folder: string): Promise<Outcome> {
    const { code, stdout, stderr } = (await this.#askKept(text, folder)) ?? this.#sh(text, folder);
    const problem = `line ${line}: \`${text}\` ends with ${code}, the page says ${exitCode}\n${stdout}${stderr}`;
    return { output: stdout, problems: code === exitCode ? [] : [problem] };
  }

  /** What needs no shell, and can be asked of the process that is kept. */
  async #askKept(text: string, folder: string): Promise<KeptAnswer | null> {
    const [program, ...args] = plainWords(text) ?? [];
    const place = { cwd: folder, env: this.#environment };
    if (program === 'runlog') return askCommand(args, place);
    return program === 'node' && args.length === 1 ? askProgram(join(folder, args[0] ?? ''), place) : null;
  }

  get #environment(): Readonly<Record<string, string>> {
    return {
      PATH: [join(this.root, 'bin'), resolve(process.execPath, '..'), process.env['PATH']].join(delimiter),
      HOME: this.root,
      TMPDIR: tmpdir(),
      DATABASE_URL: serverUrl(),
    };
  }

  #sh(text: string, folder: string): Omit<KeptAnswer, 'code'> & { readonly code: number | null } {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', text], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...this.#environment,
        NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
        // What programs of pages import is compiled once.
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      },
    });
    return { code: status, stdout, stderr };
  }
}

interface Outcome {
  readonly output: string;
  readonly problems: string[];
}
