// What a run of the benchmarks leaves: machine, versions, when, with which command, and the figures. Written as one JSON document.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { versions } from 'node:process';
import type { Figure } from './figure.ts';

export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly system: string;
  readonly node: string;
  readonly sqlite: string;
}

/** A benchmark that was run: its figures, and the most memory that its process had. */
export interface Section {
  readonly name: string;
  readonly at: string;
  readonly commit: string;
  readonly seconds: number;
  readonly peakMb: number;
  readonly figures: readonly Figure[];
  /** Work of others while it ran: the load of the machine at its beginning, by the processor. */
  readonly loadBefore: number;
}

export interface Report {
  /** Number of this form. */
  readonly form: 1;
  readonly at: string;
  readonly commit: string;
  readonly command: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly sections: readonly Section[];
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    system: `${platform()} ${release()} ${arch()}`,
    node: versions.node,
    sqlite: versions['sqlite'] ?? 'unknown',
  };
}

/** The commit that was measured; `unknown` outside of a repository. */
export function commitNow(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

export function figuresOf(report: Report): readonly Figure[] {
  return report.sections.flatMap(({ figures }) => figures);
}

/** One line a figure, so that two reports can be compared as texts. */
export function reportText(report: Report): string {
  const { sections, ...head } = report;
  const bodies = sections.map(({ figures, ...section }) => {
    const lines = figures.map((figure) => `      ${JSON.stringify(figure)}`).join(',\n');
    return `    {${JSON.stringify(section).slice(1, -1)}, "figures": [\n${lines}\n    ]}`;
  });
  return `{${JSON.stringify(head, null, 2).slice(1, -2)},\n  "sections": [\n${bodies.join(',\n')}\n  ]\n}\n`;
}

export function writeReport(path: string, report: Report): void {
  writeFileSync(path, reportText(report));
}

/** The newer report, with the sections of the older one that it has not measured. Throws when another machine measured these. */
export function merged(older: Report, newer: Report): Report {
  if (JSON.stringify(older.machine) !== JSON.stringify(newer.machine))
    throw new Error(
      'the report to be kept is of another machine, or of another Node: measure all of it again',
    );
  const measured = new Set(newer.sections.map(({ name }) => name));
  return {
    ...newer,
    sections: [...older.sections.filter(({ name }) => !measured.has(name)), ...newer.sections],
  };
}

/** Throws, and says what the file is not. */
export function readReport(path: string): Report {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isReport(value)) throw new Error(`${path} is no report of this benchmark`);
  return value;
}

function isReport(value: unknown): value is Report {
  if (typeof value !== 'object' || value === null || !('form' in value) || !('sections' in value))
    return false;
  const { form, sections } = value;
  return form === 1 && Array.isArray(sections) && sections.every(isSection);
}

/** Throws when the process of a benchmark has left something else. */
export function sectionOf(value: unknown, name: string): Section {
  if (!isSection(value)) throw new Error(`the benchmark ${name} has left no figures`);
  return value;
}

function isSection(value: unknown): value is Section {
  if (typeof value !== 'object' || value === null || !('figures' in value)) return false;
  const { figures } = value;
  return Array.isArray(figures) && figures.every(isFigure);
}

function isFigure(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && 'median' in value;
}
