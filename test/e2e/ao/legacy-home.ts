/** Decides how tests make a legacy home, run the migration in it through the command line, and look at what came of it. */
import { execFileSync } from 'node:child_process';
import { createHash, hash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { aoMigrations } from '../../../src/migrate/index.ts';
import { main } from '../../../src/cli/main.ts';
import { transcriptSlug } from '../../../src/migrate/ao/map/transcript-slug.ts';

/** 2026-05-28T20:26:40Z: what the files of a home were last written at, so that fallbacks can be foretold. */
export const fileTime = '2026-05-28T20:26:40.000Z';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Of `--json`. */
  readonly projects: readonly number[];
  readonly orchestrators: readonly number[];
  readonly relocated: number;
  readonly dbCreated: boolean;
  readonly schemaVersion: number;
}

export type Row = Readonly<Record<string, unknown>>;

export const uuid = '11111111-2222-4333-8444-555555555555';

/** A living orchestrator of Claude Code; change what the test is about. */
export function orchestrator(changed: Row = {}): Row {
  return {
    branch: 'orchestrator/x',
    agent: 'claude-code',
    role: 'orchestrator',
    createdAt: '2026-05-20T08:00:00.000Z',
    lifecycle: lifecycle({}),
    ...changed,
  };
}

export function lifecycle(session: Row, runtime: Row = {}): Row {
  return {
    version: 2,
    session: {
      kind: 'orchestrator',
      state: 'working',
      startedAt: '2026-05-20T08:00:01.000Z',
      terminatedAt: null,
      lastTransitionAt: '2026-06-10T12:00:00.000Z',
      ...session,
    },
    runtime: { state: 'alive', lastObservedAt: '2026-06-10T12:30:00.000Z', ...runtime },
  };
}

export class LegacyHome {
  readonly path: string;

  constructor(path = mkdtempSync(join(tmpdir(), 'runlog-ao-'))) {
    this.path = path;
    chmodSync(path, 0o755);
  }

  at(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  base(...parts: readonly string[]): string {
    return this.at('.agent-orchestrator', ...parts);
  }

  get database(): string {
    return this.at('.ao/data/ao.db');
  }

  write(path: string, content: string | Row): string {
    const place = path.startsWith('/') ? path : this.at(path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
    const seconds = Date.parse(fileTime) / 1000;
    utimesSync(place, seconds, seconds);
    return place;
  }

  /** The registry; JSON is YAML. A project without a path gets a folder of its own. */
  registry(projects: Readonly<Record<string, unknown>>, top: Row = {}): void {
    const entries = Object.entries(projects).map(([id, entry]) => [id, this.#placed(id, entry)]);
    this.write(this.base('config.yaml'), { ...top, projects: Object.fromEntries(entries) });
  }

  #placed(id: string, entry: unknown): unknown {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || 'path' in entry) return entry;
    const path = this.at('repos', id);
    mkdirSync(path, { recursive: true });
    return { path, ...entry };
  }

  /** The file in the folder of a project. */
  local(id: string, content: string | Row): void {
    this.write(`repos/${id}/agent-orchestrator.yaml`, content);
  }

  session(id: string, name: string, record: string | Row): string {
    return this.write(this.base('projects', id, 'sessions', `${name}.json`), record);
  }

  git(folder: string, origin: string | null): void {
    mkdirSync(this.at(folder), { recursive: true });
    execFileSync('git', ['init', '-q', '-b', 'main', this.at(folder)]);
    if (origin !== null) execFileSync('git', ['-C', this.at(folder), 'remote', 'add', 'origin', origin]);
  }

  /** Makes a worktree and, in the folder that Claude Code has for it, a transcript. Returns the worktree. */
  transcript(worktree: string, id = uuid, slug = transcriptSlug): string {
    const path = this.at(worktree);
    mkdirSync(path, { recursive: true });
    this.write(this.at('.claude/projects', slug(path), `${id}.jsonl`), { type: 'user', sessionId: id });
    return path;
  }

  /** Where the rewrite looks for the transcript of an orchestrator. */
  target(project: string, session: string, id = uuid, dataDir = this.at('.ao/data')): string {
    const workspace = join(dataDir, 'worktrees', project, 'orchestrator', session);
    return this.at('.claude/projects', transcriptSlug(workspace), `${id}.jsonl`);
  }

  /** With `--json`. */
  async migrate(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const told = await this.run(['--json', ...args], env);
    const object = told.out === '' ? null : (JSON.parse(told.out) as Report);
    const counts = (of: Counts | undefined): number[] =>
      of === undefined ? [] : [of.created, of.skipped, of.failed];
    return {
      ...told,
      projects: counts(object?.projects),
      orchestrators: counts(object?.orchestrators),
      relocated: object?.orchestrators.relocatedTranscripts ?? -1,
      dbCreated: object?.dbCreated ?? false,
      schemaVersion: object?.schemaVersion ?? -1,
    };
  }

  /** As a person would. */
  async run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await main(['ao', 'migrate', ...args], {
      out: async (text) => void out.push(text),
      err: async (text) => void err.push(text),
      isTty: false,
      columns: null,
      env: { HOME: this.path, ...env },
    });
    return { code, out: out.join(''), err: err.join('') };
  }

  /** What a dry run tells a person: the lines under `Notes:`. */
  async notes(args: readonly string[] = []): Promise<string> {
    const { out } = await this.run(['--dry-run', ...args]);
    return out.split('Notes:\n')[1] ?? '';
  }

  rows(table: string, database = this.database): readonly Row[] {
    // As it lies there: SQLite would leave files of its own beside it.
    const url = pathToFileURL(database);
    url.search = 'immutable=1';
    const opened = new DatabaseSync(url, { readOnly: true });
    try {
      return opened.prepare(`SELECT * FROM ${table} ORDER BY 1`).all();
    } finally {
      opened.close();
    }
  }

  project(id: string): Row & { readonly config: Row | null } {
    const row = this.rows('projects').find((found) => found['id'] === id);
    if (row === undefined) throw new Error(`no project ${id}`);
    const { config } = row;
    return { ...row, config: typeof config === 'string' ? (JSON.parse(config) as Row) : null };
  }

  get orchestrators(): readonly Row[] {
    return this.rows('sessions');
  }

  /** One row, or an error. */
  get orchestrator(): Row {
    const [row, ...others] = this.orchestrators;
    if (row === undefined || others.length > 0) throw new Error(`${others.length + 1} sessions`);
    return row;
  }

  /** A database of the rewrite, made without the code under test; `sql` goes on from there. */
  makeDatabase(sql = '', versions = 12): void {
    mkdirSync(dirname(this.database), { recursive: true });
    const database = new DatabaseSync(this.database);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(
      `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')));
       INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)`,
    );
    for (const { version, up } of aoMigrations((text) => hash('sha256', text, 'hex'))) {
      if (version > versions) break;
      for (const statement of up) database.exec(statement);
      database.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (${version}, 1)`);
    }
    for (let version = 13; version <= versions; version += 1)
      database.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (${version}, 1)`);
    database.exec(sql);
    database.close();
  }

  exists(path: string): boolean {
    return existsSync(path.startsWith('/') ? path : this.at(path));
  }

  remove(): void {
    try {
      rmSync(this.path, { recursive: true, force: true });
    } catch {
      // A test has taken rights away.
      execFileSync('chmod', ['-R', 'u+rwX', this.path]);
      rmSync(this.path, { recursive: true, force: true });
    }
  }
}

interface Counts {
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
}

interface Report {
  readonly dbCreated: boolean;
  readonly schemaVersion: number;
  readonly projects: Counts;
  readonly orchestrators: Counts & { readonly relocatedTranscripts: number };
}

/** A home for one test. */
export function legacyHome(): LegacyHome {
  const home = new LegacyHome();
  onTestFinished(() => home.remove());
  return home;
}

/** A home as one of test/fixtures/ao describes it, with its repositories, worktrees and transcripts. */
export function fixtureHome(name: string): LegacyHome {
  const home = legacyHome();
  cpSync(join('test/fixtures/ao', name), home.path, { recursive: true });
  for (const file of filesBelow(home.path)) {
    const text = readFileSync(file, 'utf8')
      .replaceAll('@HOME@', home.path)
      // A number that no process can have, so that the legacy tool surely does not run.
      .replace('"pid": 999999', '"pid": 999999999');
    home.write(file, text);
  }
  const origins = readJson(home.at('git.json')) as Record<string, string | null>;
  for (const [folder, origin] of Object.entries(origins)) home.git(folder, origin);
  const transcripts = readJson(home.at('transcripts.json')) as { worktree: string; uuid: string }[];
  for (const transcript of transcripts ?? [])
    home.transcript(relative(home.path, transcript.worktree), transcript.uuid);
  rmSync(home.at('git.json'), { force: true });
  rmSync(home.at('transcripts.json'), { force: true });
  return home;
}

function readJson(path: string): unknown {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : null;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Of every file, folder and link below a home: its kind, its rights and its bytes. What the rewrite owns is left out: its
 * database, and the transcripts that were copied for it.
 */
export function fingerprint(home: LegacyHome, leaveOut: readonly string[] = ['.ao', copiesOf(home)]): string {
  const digest = createHash('sha256');
  const isLeftOut = (path: string): boolean => leaveOut.some((start) => path.startsWith(home.at(start)));
  const visit = (path: string): void => {
    const stats = lstatSync(path);
    digest.update(`${relative(home.path, path)} ${stats.mode}\n`);
    if (stats.isSymbolicLink()) digest.update(readlinkSync(path));
    else if (stats.isDirectory())
      for (const name of readdirSync(path).sort()) {
        if (!isLeftOut(join(path, name))) visit(join(path, name));
      }
    else if (stats.isFile()) digest.update(readFileSync(path));
  };
  visit(home.path);
  return digest.digest('hex');
}

function copiesOf(home: LegacyHome): string {
  return join('.claude/projects', transcriptSlug(home.at('.ao')));
}
