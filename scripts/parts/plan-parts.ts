// Decides which modules are built into one file: those that are wanted together. A file costs time to find and open, and so does
// what is in it and is not wanted; the sum of both over all commands and doors is made small.

/** What a first build says of a file that it would write. */
export interface BuiltFile {
  readonly fileName: string;
  /** The module whose names the file hands out; `null` for one that only others share. */
  readonly facadeModuleId: string | null;
  readonly isEntry: boolean;
  /** The files that it imports, at once, and what is not ours: packages, and modules of Node. */
  readonly imports: readonly string[];
  readonly modules: Readonly<Record<string, unknown>>;
  readonly code: string;
}

/** Files that a process loads together, and how much its waiting counts. */
export interface Start {
  readonly files: readonly string[];
  readonly weight: number;
  /** Whether it is what a program imports. */
  readonly isDoor: boolean;
}

/** What each process on a command line has loaded anyway, or at no price. */
const known: readonly string[] = [
  'node:fs',
  'node:fs/promises',
  'node:os',
  'node:path',
  'node:process',
  'node:timers/promises',
  'node:url',
];

/** A file takes as long to load as so many bytes of built code, as both were measured with the compile cache warm. */
const fileBytes = 30_000;

interface Part {
  readonly files: readonly string[];
  readonly bytes: number;
}

/** The part that each module belongs to; a module that is not named stays where the bundler puts it. */
export function planParts(
  built: readonly BuiltFile[],
  starts: readonly Start[],
): ReadonlyMap<string, string> {
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

/** The starts of what nobody loads. */
const none: ReadonlySet<number> = new Set();

/** A pair that may become one, and what would be gained if nothing else were loaded because of it. */
interface Pair {
  readonly left: Part;
  readonly right: Part;
  readonly hope: number;
}

class Parts {
  readonly #imports: ReadonlyMap<string, readonly string[]>;
  readonly #starts: readonly Start[];
  /** What is not ours, by the part that imports it, and by the start that loads it. */
  readonly #outsideOf = new Map<Part, ReadonlySet<string>>();
  readonly #outsideAt: readonly ReadonlySet<string>[];
  /** The starts that load a part, by place. */
  readonly #loadedBy = new Map<Part, ReadonlySet<number>>();
  readonly #partOf = new Map<string, Part>();
  /** Of starts that load a part; such a set is never changed. */
  readonly #weights = new WeakMap<ReadonlySet<number>, number>();
  #shared: Part[] = [];

  constructor(
    built: readonly BuiltFile[],
    startsOf: ReadonlyMap<string, ReadonlySet<number>>,
    starts: readonly Start[],
  ) {
    this.#imports = new Map(built.map(({ fileName, imports }) => [fileName, imports]));
    this.#starts = starts;
    const names = new Set(this.#imports.keys());
    const outside = starts.map(() => new Set<string>());
    for (const { fileName, facadeModuleId, code, imports } of built) {
      const part = { files: [fileName], bytes: Buffer.byteLength(code) };
      const loadedBy = startsOf.get(fileName) ?? new Set<number>();
      this.#partOf.set(fileName, part);
      this.#loadedBy.set(part, loadedBy);
      this.#outsideOf.set(part, new Set(imports.filter((name) => !names.has(name))));
      for (const start of loadedBy) for (const name of this.#outside(part)) outside[start]?.add(name);
      // What is imported by its name stays a file of its own.
      if (facadeModuleId === null && loadedBy.size > 0) this.#shared.push(part);
    }
    this.#outsideAt = outside;
  }

  shared(): readonly Part[] {
    return this.#shared;
  }

  /** Makes one of the two that are dearest apart, and again, until nothing is gained. */
  mergeAll(): void {
    for (let pair = this.#best(); pair !== undefined; pair = this.#best()) this.#merge(pair);
  }

  #merge({ left, right }: Pair): void {
    const part = { files: [...left.files, ...right.files], bytes: left.bytes + right.bytes };
    const starts = this.#together(left, right);
    this.#loadedBy.set(part, starts);
    this.#outsideOf.set(part, new Set([...this.#outside(left), ...this.#outside(right)]));
    for (const needed of this.#allNeeded(left, right))
      this.#loadedBy.set(needed, new Set([...this.#startsOf(needed), ...starts]));
    for (const file of part.files) this.#partOf.set(file, part);
    this.#shared = [...this.#shared.filter((other) => other !== left && other !== right), part];
  }

  #best(): Pair | undefined {
    const pairs = this.#shared.flatMap((left, at) =>
      this.#shared.slice(at + 1).map((right) => ({ left, right, hope: this.#hope(left, right) })),
    );
    let best: { readonly pair: Pair; readonly gain: number } | undefined;
    for (const pair of pairs.filter(({ hope }) => hope > 0).sort((one, other) => other.hope - one.hope)) {
      if (best !== undefined && pair.hope <= best.gain) break;
      const gain = this.#mayBeOne(pair) ? pair.hope - this.#price(pair) : 0;
      if (gain > (best?.gain ?? 0)) best = { pair, gain };
    }
    return best?.pair;
  }

  #mayBeOne({ left, right }: Pair): boolean {
    return (
      !this.#leadsAround(left, right) &&
      !this.#leadsAround(right, left) &&
      !this.#bringsOutside(left, right) &&
      !this.#bringsOutside(right, left)
    );
  }

  /**
   * Whether a start would load something that is not ours, and that it did without: it may not be there, such as what a Node was built
   * without; it may be dear; and a program that imports what needs no Node may run elsewhere.
   */
  #bringsOutside(part: Part, other: Part): boolean {
    const brought = [other, ...this.#allNeeded(other, other)].flatMap((each) => [...this.#outside(each)]);
    return [...this.#startsOf(part)].some((start) =>
      brought.some(
        (name) =>
          this.#outsideAt[start]?.has(name) === false &&
          (this.#starts[start]?.isDoor === true || !known.includes(name)),
      ),
    );
  }

  #outside(part: Part): ReadonlySet<string> {
    return this.#outsideOf.get(part) ?? new Set();
  }

  /** Asked of every pair before each merge: nothing is made for it. */
  #hope(left: Part, right: Part): number {
    const [ofLeft, ofRight] = [this.#startsOf(left), this.#startsOf(right)];
    const ofBoth = this.#weightOf(ofLeft) + this.#weightOf(ofRight) - this.#sharedWeight(ofLeft, ofRight);
    return (
      this.#weightOf(ofLeft) * (left.bytes + fileBytes) +
      this.#weightOf(ofRight) * (right.bytes + fileBytes) -
      ofBoth * (left.bytes + right.bytes + fileBytes)
    );
  }

  /** What each of the two needs is loaded by the starts of the other too. */
  #price({ left, right }: Pair): number {
    const starts = this.#together(left, right);
    let price = 0;
    for (const part of this.#allNeeded(left, right)) {
      const known = this.#startsOf(part);
      price += this.#cost(part, new Set([...starts].filter((start) => !known.has(start))));
    }
    return price;
  }

  #cost({ bytes }: Part, starts: ReadonlySet<number>): number {
    return this.#weightOf(starts) * (bytes + fileBytes);
  }

  #weightOf(starts: ReadonlySet<number>): number {
    const known = this.#weights.get(starts);
    if (known !== undefined) return known;
    let weight = 0;
    for (const start of starts) weight += this.#starts[start]?.weight ?? 0;
    this.#weights.set(starts, weight);
    return weight;
  }

  #sharedWeight(left: ReadonlySet<number>, right: ReadonlySet<number>): number {
    const [few, many] = left.size < right.size ? [left, right] : [right, left];
    let weight = 0;
    for (const start of few) if (many.has(start)) weight += this.#starts[start]?.weight ?? 0;
    return weight;
  }

  #startsOf(part: Part): ReadonlySet<number> {
    return this.#loadedBy.get(part) ?? none;
  }

  #together(left: Part, right: Part): ReadonlySet<number> {
    return new Set([...this.#startsOf(left), ...this.#startsOf(right)]);
  }

  #allNeeded(left: Part, right: Part): ReadonlySet<Part> {
    const found = new Set<Part>();
    const open = [...this.#needs(left), ...this.#needs(right)];
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if (found.has(part) || part === left || part === right) continue;
      found.add(part);
      open.push(...this.#needs(part));
    }
    return found;
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
