// Decides what the public API is, as text: every name of every subpath, its kind and its signature, read from the built declarations.
// Without arguments it writes the snapshot that a test compares with; a name stands in full at its own door, elsewhere as a pointer.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import { readSubpaths } from './subpaths.ts';

export interface PublicName {
  readonly specifier: string;
  readonly name: string;
  readonly kind: string;
  readonly isDocumented: boolean;
  /** Without comments. */
  readonly signature: string;
  /** The door that says it in full, when that is another one. */
  readonly fullAt: string | null;
}

export interface PublicApi {
  readonly names: readonly PublicName[];
  /** Where a built declaration says `any`: `dist/log.d.ts:12`. */
  readonly anys: readonly string[];
  /** Every package whose types a built declaration needs. */
  readonly packages: readonly string[];
}

const folder = 'test/package/api';
const printer = ts.createPrinter({ removeComments: true, omitTrailingSemicolon: false });

/** The doors of the rooms before the root, which hands on much of what they have. */
function doorsInOrder() {
  const doors = readSubpaths().map(({ specifier, output }) => ({
    specifier,
    file: resolve(`dist/${output}.d.ts`),
  }));
  return [...doors.filter(({ specifier }) => specifier !== 'runlog'), ...doors.slice(0, 1)];
}

/** Reads `dist`; build it first. */
export function readPublicApi(): PublicApi {
  const doors = doorsInOrder();
  const program = ts.createProgram(
    doors.map(({ file }) => file),
    { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024, skipLibCheck: true, types: [] },
  );
  const checker = program.getTypeChecker();
  const homes = new Map<ts.Symbol, string>();
  const names: PublicName[] = [];
  for (const { specifier, file } of doors) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined)
      throw new Error(`${file} is missing or exports nothing; run \`./dev build\` first`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = targetOf(exported, checker);
      const home = homes.get(symbol);
      if (home === undefined) homes.set(symbol, specifier);
      names.push(describe(specifier, exported.name, symbol, home ?? null, checker));
    }
  }
  const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(resolve('dist')));
  return { names, anys: ours.flatMap(anysOf), packages: packagesOf(ours) };
}

function targetOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function describe(
  specifier: string,
  name: string,
  symbol: ts.Symbol,
  fullAt: string | null,
  checker: ts.TypeChecker,
): PublicName {
  const declarations = (symbol.declarations ?? []).map(declarationOf);
  return {
    specifier,
    name,
    kind: [...new Set(declarations.map(kindOf))].join(' and '),
    isDocumented: symbol.getDocumentationComment(checker).length > 0,
    signature: declarations.map((node) => print(node)).join('\n'),
    fullAt,
  };
}

/** A constant is declared by its statement, which has the words `declare const`. */
function declarationOf(node: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

function kindOf(node: ts.Node): string {
  if (ts.isVariableStatement(node)) return 'constant';
  if (ts.isFunctionDeclaration(node)) return 'function';
  if (ts.isClassDeclaration(node)) return 'class';
  if (ts.isInterfaceDeclaration(node)) return 'interface';
  if (ts.isTypeAliasDeclaration(node)) return 'type';
  return ts.SyntaxKind[node.kind];
}

function print(node: ts.Node): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
}

function anysOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  function visit(node: ts.Node): void {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${source.fileName}:${line + 1}`);
    }
    ts.forEachChild(node, visit);
  }
  visit(source);
  return found;
}

function packagesOf(sources: readonly ts.SourceFile[]): readonly string[] {
  const names = sources.flatMap((source) =>
    ts.preProcessFile(source.text).importedFiles.map(({ fileName }) => fileName),
  );
  return [...new Set(names.filter((name) => !name.startsWith('.')))].sort();
}

/** The snapshot: file name to text. */
export function snapshotOf(names: readonly PublicName[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { specifier } of readSubpaths()) {
    const own = names
      .filter((name) => name.specifier === specifier)
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    const lines = own.map(({ name, kind, signature, fullAt }) =>
      fullAt === null ? `## ${name}: ${kind}\n${signature}\n` : `## ${name}: ${kind}, as in ${fullAt}\n`,
    );
    files.set(`${specifier.replaceAll('/', '-')}.txt`, `# ${specifier}\n\n${lines.join('\n')}`);
  }
  return files;
}

export function readSnapshot(): ReadonlyMap<string, string> {
  return new Map(readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')]));
}

if (import.meta.main) {
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of snapshotOf(readPublicApi().names)) {
    mkdirSync(dirname(`${folder}/${file}`), { recursive: true });
    writeFileSync(`${folder}/${file}`, text);
  }
}
