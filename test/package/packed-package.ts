// Makes the package as it is published, and projects that have it installed: with the packages that it declares, and those named.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** The tarball, what `npm pack` said of it, and a folder to work in. Remove it after use. */
export class PackedPackage {
  readonly place = mkdtempSync(join(tmpdir(), 'runlog-package-'));
  readonly report: PackReport;

  constructor() {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', this.place];
    const packed = execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    [this.report] = JSON.parse(packed) as [PackReport];
  }

  get tarball(): string {
    return join(this.place, this.report.filename);
  }

  /** A project with the package in it, as `npm install` leaves it: what it declares is linked from here, without any download. */
  install(name: string, optional: readonly string[]): string {
    const project = join(this.place, name);
    const folder = join(project, 'node_modules/runlog');
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', this.tarball, '-C', folder, '--strip-components=1']);
    for (const dependency of [...Object.keys(manifestIn(project).dependencies), ...optional]) {
      const link = join(project, 'node_modules', dependency);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(resolve('node_modules', dependency), link);
    }
    return project;
  }

  remove(): void {
    rmSync(this.place, { recursive: true, force: true });
  }
}

export function manifestIn(project: string): Manifest {
  return JSON.parse(readFileSync(join(project, 'node_modules/runlog/package.json'), 'utf8')) as Manifest;
}
