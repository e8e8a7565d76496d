// Follows a page as a new user would: in an empty folder beside a clone, line by line, with what the page itself installs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asmDatabaseSql } from '../fixtures/asm/asm-tables.ts';
import { serverUrl } from '../harness/postgres/scratch-schema.ts';
import { readPages } from './pages.ts';
import { stepsOf, type PageStep, type ShellCommand } from './page-steps.ts';
import { withoutVolatile } from './volatile.ts';

/** Lines that are not run as they stand: the clone is built already, and nothing is fetched while tests run. */
const standIns: Readonly<Record<string, string>> = {
  './dev build': 'test -e ../runlog/dist/index.js',
  'npm install ../runlog': 'npm install --offline --no-audit --no-fund ../runlog',
  'npm install runlog@latest': 'npm install --offline --no-audit --no-fund ../runlog',
};

/** An empty folder. Remove it after use. */
export class Tutorial {
  readonly #place = mkdtempSync(join(tmpdir(), 'runlog-tutorial-'));
  readonly #folder = join(this.#place, 'mine');

  constructor() {
    mkdirSync(this.#folder);
    symlinkSync(resolve('.'), join(this.#place, 'runlog'));
  }

  /** What somebody has who comes with stores of the originals, and an installed package. */
  giveOldStores(): void {
    for (const line of ['npm init --yes', 'npm pkg set type=module', 'npm install ../runlog']) {
      const { status, stderr } = this.#sh(line);
      if (status !== 0) throw new Error(`\`${line}\` ends with ${status}\n${stderr}`);
    }
    copyFileSync('test/fixtures/activegraph/forks.db', join(this.#folder, 'activegraph.db'));
    const database = new DatabaseSync(join(this.#folder, 'asm.db'));
    database.exec(asmDatabaseSql('sqlite', '0.8'));
    database.close();
  }

  /** What was other than the page says; an empty list when it is right. */
  follow(path: string): readonly string[] {
    const page = readPages().find((known) => known.path === path);
    if (page === undefined) throw new Error(`there is no page ${path}`);
    return stepsOf(page).flatMap((step) => this.#take(step));
  }

  remove(): void {
    rmSync(this.#place, { recursive: true, force: true });
  }

  #take(step: PageStep): readonly string[] {
    if (step.kind === 'program') writeFileSync(join(this.#folder, step.file), step.text);
    const commands = step.kind === 'program' ? [{ text: `node ${step.file}`, exitCode: 0 }] : step.commands;
    const outcomes = commands.map((command) => this.#run(command, step.line));
    const output = outcomes.map((outcome) => outcome.output).join('');
    const problems = outcomes.flatMap((outcome) => outcome.problems);
    if (step.expected === null || withoutVolatile(output) === withoutVolatile(step.expected)) return problems;
    return [...problems, `line ${step.line} prints\n${output}\nand the page says\n${step.expected}`];
  }

  #run({ text, exitCode }: ShellCommand, line: number) {
    const { status, stdout, stderr } = this.#sh(text);
    const problem = `line ${line}: \`${text}\` ends with ${status}, the page says ${exitCode}\n${stdout}${stderr}`;
    return { output: stdout, problems: status === exitCode ? [] : [problem] };
  }

  #sh(text: string) {
    return spawnSync('sh', ['-c', standIns[text] ?? text], {
      cwd: this.#folder,
      encoding: 'utf8',
      env: {
        PATH: [
          join(this.#folder, 'node_modules/.bin'),
          resolve(process.execPath, '..'),
          process.env['PATH'],
        ].join(delimiter),
        HOME: this.#place,
        DATABASE_URL: serverUrl(),
        NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
        // What programs of pages import is compiled once.
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      },
    });
  }
}
