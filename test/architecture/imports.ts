// Finds what a file imports, in every form TypeScript has: import, export from, import(), and import types.
import { posix } from 'node:path';
import ts from 'typescript';
import { type HouseFile, lineOf, walk } from './house.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly isTypeOnly: boolean;
  /** The imported file as a path from the root, for a relative import; else null. */
  readonly target: string | null;
}

const cache = new WeakMap<HouseFile, readonly Import[]>();

export function importsOf(file: HouseFile): readonly Import[] {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const imports: Import[] = [];
  walk(file.ast, (node) => {
    const found = readImport(node);
    if (found === null) return;
    const { specifier, isTypeOnly } = found;
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : null;
    imports.push({ specifier, line: lineOf(file, node), isTypeOnly, target });
  });
  cache.set(file, imports);
  return imports;
}

function readImport(node: ts.Node): { specifier: string; isTypeOnly: boolean } | null {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, isTypeOnlyImport(node));
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, isTypeOnlyExport(node));
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return named(node.argument.literal, true);
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? named(node.arguments[0], false) : null;
}

function named(specifier: ts.Node | undefined, isTypeOnly: boolean) {
  return specifier !== undefined && ts.isStringLiteralLike(specifier)
    ? { specifier: specifier.text, isTypeOnly }
    : null;
}

function isTypeOnlyImport({ importClause: clause }: ts.ImportDeclaration): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    areAllTypes(bindings.elements)
  );
}

function isTypeOnlyExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  return (
    isTypeOnly ||
    (exportClause !== undefined && ts.isNamedExports(exportClause) && areAllTypes(exportClause.elements))
  );
}

function areAllTypes(elements: readonly { readonly isTypeOnly: boolean }[]): boolean {
  return elements.length > 0 && elements.every((element) => element.isTypeOnly);
}
