// Decides which modules are built into one file: those that are wanted together. A file costs time to find and open, and so does
// what is in it and is not wanted; the sum of both over all commands and doors is made small.

/** What a first build says of a file that it would write. */
export interface BuiltFile {
  readonly fileName: string;
  /** The module whose names the file hands out; `null` for one that only others share. */
  readonly facadeModuleId: string | null;
  readonly isEntry: boolean;
  /** The files that it imports, at once. */
  readonly imports: readonly string[];
  readonly modules: Readonly<Record<string, unknown>>;
  readonly code: string;
}

/** Files that a process loads together, and how much its waiting counts. */
export interface Start {
  readonly files: readonly string[];
  readonly weight: number;
}

/** A file takes as long to load as so many bytes of built code, as both were measured with the compile cache warm. */
const fileBytes = 20_000;

interface Part {
  readonly files: readonly string[];
  readonly bytes: number;
  /** The starts that load it, by place. */
  readonly starts: ReadonlySet<number>;
}

/** The part that each module belongs to; a module that is not named stays where the bundler puts it. */
export function planParts(built: readonly BuiltFile[], starts: readonly Start[]): ReadonlyMap<string, string> {
  const files = new Map(built.map((file) => [file.fileName, file]));
  const parts = new Parts(built, loadedBy(files, starts), starts);
  parts.mergeAll();
  const plan = new Map<string, string>();
  for (const { files: merged } of parts.shared()) {
    const modules = merged.flatMap((name) => Object.keys(files.get(name)?.modules ?? {}));
    const name = nameOf(modules);
    for (const module of modules) plan.set(module, name);
  }
  return plan;
}

/** No two parts share a module, so that the first of its modules names a part. */
function nameOf(modules: readonly string[]): string {
  const [first = ''] = modules.toSorted();
  return first
    .replace(/^.*\/src\//, '')
    .replace(/\.ts$/, '')
    .replaceAll('/', '-');
}

/** Which starts load each file. */
function loadedBy(
  files: ReadonlyMap<string, BuiltFile>,
  starts: readonly Start[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const [place, start] of starts.entries())
    for (const name of withImports(files, start.files))
      found.set(name, (found.get(name) ?? new Set()).add(place));
  return found;
}

function withImports(files: ReadonlyMap<string, BuiltFile>, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const file = files.get(name);
    if (file === undefined || found.has(name)) continue;
    found.add(name);
    open.push(...file.imports);
  }
  return found;
}

class Parts {
  readonly #imports: ReadonlyMap<string, readonly string[]>;
  readonly #weights: readonly number[];
  readonly #partOf = new Map<string, Part>();
  #shared: Part[] = [];

  constructor(
    built: readonly BuiltFile[],
    startsOf: ReadonlyMap<string, ReadonlySet<number>>,
    starts: readonly Start[],
  ) {
    this.#imports = new Map(built.map(({ fileName, imports }) => [fileName, imports]));
    this.#weights = starts.map(({ weight }) => weight);
    for (const { fileName, facadeModuleId, code } of built) {
      const part = {
        files: [fileName],
        bytes: Buffer.byteLength(code),
        starts: startsOf.get(fileName) ?? new Set<number>(),
      };
      this.#partOf.set(fileName, part);
      // What is imported by its name stays a file of its own.
      if (facadeModuleId === null && part.starts.size > 0) this.#shared.push(part);
    }
  }

  shared(): readonly Part[] {
    return this.#shared;
  }

  /** Takes the two that are dearest apart, and again, until nothing is gained. */
  mergeAll(): void {
    for (let merged = this.#best(); merged !== undefined; merged = this.#best()) {
      const [left, right] = merged;
      const part = {
        files: [...left.files, ...right.files],
        bytes: left.bytes + right.bytes,
        starts: new Set([...left.starts, ...right.starts]),
      };
      for (const file of part.files) this.#partOf.set(file, part);
      this.#shared = [...this.#shared.filter((other) => other !== left && other !== right), part];
    }
  }

  #best(): readonly [Part, Part] | undefined {
    const pairs = this.#shared.flatMap((left, at) =>
      this.#shared.slice(at + 1).map((right) => ({ left, right, gain: this.#gain(left, right) })),
    );
    const best = pairs
      .filter(({ gain }) => gain > 0)
      .sort((one, other) => other.gain - one.gain)
      .find(({ left, right }) => !this.#leadsAround(left, right) && !this.#leadsAround(right, left));
    return best === undefined ? undefined : [best.left, best.right];
  }

  #gain(left: Part, right: Part): number {
    return (
      this.#cost(left.bytes, left.starts) +
      this.#cost(right.bytes, right.starts) -
      this.#cost(left.bytes + right.bytes, new Set([...left.starts, ...right.starts]))
    );
  }

  #cost(bytes: number, starts: ReadonlySet<number>): number {
    let weight = 0;
    for (const start of starts) weight += this.#weights[start] ?? 0;
    return weight * (bytes + fileBytes);
  }

  /** Whether `from` needs `to` by way of a third: as one they would need each other, and a class could be made before its base. */
  #leadsAround(from: Part, to: Part): boolean {
    const seen = new Set<Part>([from, to]);
    const open = this.#needs(from).filter((part) => part !== to);
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if (seen.has(part)) continue;
      seen.add(part);
      const next = this.#needs(part);
      if (next.includes(to)) return true;
      open.push(...next);
    }
    return false;
  }

  #needs(part: Part): Part[] {
    const found = part.files.flatMap((file) => this.#imports.get(file) ?? []);
    return [...new Set(found.flatMap((file) => this.#partOf.get(file) ?? []))].filter(
      (other) => other !== part,
    );
  }
}
