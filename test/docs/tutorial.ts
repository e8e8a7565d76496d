// Follows a page as a new user would: in an empty folder beside a clone, line by line, with what the page itself installs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asmDatabaseSql } from '../fixtures/asm/asm-tables.ts';
import { askCommand, type KeptAnswer } from '../harness/kept-process/ask-kept.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import { readPages } from './pages.ts';
import { plainWords } from './plain-words.ts';
import { stepsOf, type PageStep, type ShellCommand } from './page-steps.ts';
import { withoutVolatile } from './volatile.ts';

/** Lines that are not run as they stand: the clone is built already, and nothing is fetched while tests run. */
const standIns: Readonly<Record<string, string>> = {
  './dev build': 'test -e ../runlog/dist/index.js',
  'npm install ../runlog': 'npm install --offline --no-audit --no-fund ../runlog',
};

/** An empty folder. Remove it after use. */
export class Tutorial {
  readonly #place = mkdtempSync(join(tmpdir(), 'runlog-tutorial-'));
  readonly #folder = join(this.#place, 'mine');
  readonly #started = new Set<string>();

  constructor() {
    mkdirSync(this.#folder);
    symlinkSync(resolve('.'), join(this.#place, 'runlog'));
  }

  /** What somebody has who comes with stores of the originals, and an installed package. */
  giveOldStores(): void {
    // As npm leaves it, which the other page lets it do itself.
    const dependencies = { runlog: 'file:../runlog' };
    writeFileSync(
      join(this.#folder, 'package.json'),
      JSON.stringify({ name: 'mine', version: '1.0.0', type: 'module', dependencies }),
    );
    mkdirSync(join(this.#folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync('../../runlog', join(this.#folder, 'node_modules/runlog'));
    symlinkSync('../runlog/bin/runlog.js', join(this.#folder, 'node_modules/.bin/runlog'));
    copyFileSync('test/fixtures/activegraph/forks.db', join(this.#folder, 'activegraph.db'));
    const database = new DatabaseSync(join(this.#folder, 'asm.db'));
    database.exec(asmDatabaseSql('sqlite', '0.8'));
    database.close();
  }

  /** What was other than the page says; an empty list when it is right. */
  async follow(path: string): Promise<readonly string[]> {
    const page = readPages().find((known) => known.path === path);
    if (page === undefined) throw new Error(`there is no page ${path}`);
    const problems: string[] = [];
    for (const step of stepsOf(page)) problems.push(...(await this.#take(step)));
    return problems;
  }

  remove(): void {
    rmSync(this.#place, { recursive: true, force: true });
  }

  async #take(step: PageStep): Promise<readonly string[]> {
    if (step.kind === 'program') writeFileSync(join(this.#folder, step.file), step.text);
    const commands = step.kind === 'program' ? [{ text: `node ${step.file}`, exitCode: 0 }] : step.commands;
    const outcomes: Outcome[] = [];
    for (const command of commands) outcomes.push(await this.#run(command, step.line));
    const output = outcomes.map((outcome) => outcome.output).join('');
    const problems = outcomes.flatMap((outcome) => outcome.problems);
    if (step.expected === null || withoutVolatile(output) === withoutVolatile(step.expected)) return problems;
    return [...problems, `line ${step.line} prints\n${output}\nand the page says\n${step.expected}`];
  }

  async #run({ text, exitCode }: ShellCommand, line: number): Promise<Outcome> {
    const { code, stdout, stderr } = (await this.#askKept(text)) ?? this.#sh(text);
    const problem = `line ${line}: \`${text}\` ends with ${code}, the page says ${exitCode}\n${stdout}${stderr}`;
    return { output: stdout, problems: code === exitCode ? [] : [problem] };
  }

  /** Each command is found on the path, and started, when it is given for the first time. */
  async #askKept(text: string): Promise<KeptAnswer | null> {
    const [program, command = '', ...args] = plainWords(text) ?? [];
    const isFirst = !this.#started.has(command);
    this.#started.add(command);
    if (program !== 'runlog' || isFirst) return null;
    return askCommand([command, ...args], { cwd: this.#folder, env: this.#environment });
  }

  get #environment(): Readonly<Record<string, string>> {
    const folders = [join(this.#folder, 'node_modules/.bin'), resolve(process.execPath, '..')];
    return {
      PATH: [...folders, process.env['PATH']].join(delimiter),
      HOME: this.#place,
      DATABASE_URL: serverUrl(),
    };
  }

  #sh(text: string): Omit<KeptAnswer, 'code'> & { readonly code: number | null } {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', standIns[text] ?? text], {
      cwd: this.#folder,
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
  readonly problems: readonly string[];
}
