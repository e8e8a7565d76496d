// The rules of imports: downward by the table, through front doors, no cycles, and adapters that never meet.
import ts from 'typescript';
import { type House, lineOf, unitOf, walk } from './house.ts';
import { importsOf } from './imports.ts';

/** A room imports only what its row of the table names; nothing in src/ but a test imports from outside of src/. */
export function checkImportTable(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files) {
    const room = file.room === null ? undefined : house.rooms.get(file.room);
    if (room === undefined) continue;
    for (const { target, line, isTypeOnly } of importsOf(file)) {
      const to = target === null ? room.name : (/^src\/([^/]+)\//.exec(target)?.[1] ?? null);
      if (to === room.name || (to === null && file.isTest) || (to !== null && room.mayImport.has(to)))
        continue;
      if (to !== null && room.mayImportTypes.has(to)) {
        if (!isTypeOnly)
          violations.push(`${file.path}:${line} ${room.name} may import types of ${to}, and this is a value`);
      } else violations.push(`${file.path}:${line} ${room.name} may not import ${to ?? target}`);
    }
  }
  return violations;
}

/** A relative import names a file that exists, with its extension, so that the source runs as it is. */
export function checkImportTargets(house: House): string[] {
  return house.files.flatMap((file) =>
    importsOf(file)
      .filter(
        ({ target }) =>
          target !== null && file.path.endsWith('.ts') && isSource(target) && !house.paths.has(target),
      )
      .map(({ specifier, line }) => `${file.path}:${line} there is no file '${specifier}'`),
  );
}

function isSource(target: string): boolean {
  return /^(src|test|scripts|bench|examples)\//.test(target);
}

/** Another unit is imported by its index.ts; inside a unit the door is never used. */
export function checkFrontDoors(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files) {
    if (file.unit === null) continue;
    for (const { target, line } of importsOf(file)) {
      const unit = target === null ? null : unitOf(target, house.paths);
      if (unit === null) continue;
      const isDoor = target === `src/${unit}/index.ts`;
      if (unit === file.unit && isDoor) violations.push(`${file.path}:${line} goes through its own door`);
      if (unit !== file.unit && !isDoor)
        violations.push(`${file.path}:${line} must import ${unit} by its index.ts`);
    }
  }
  return violations;
}

/** A door names what it exports; what stands in for one in a test has to hand on all of it. */
export function checkNoExportStar(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files.filter(({ path }) => path.startsWith('src/'))) {
    walk(file.ast, (node) => {
      const isStar =
        ts.isExportDeclaration(node) && (!node.exportClause || ts.isNamespaceExport(node.exportClause));
      if (isStar)
        violations.push(`${file.path}:${lineOf(file, node)} export * is not allowed; name what is exported`);
    });
  }
  return violations;
}

/** An adapter imports no other adapter, and at most one foreign library. */
export function checkAdapters(house: House): string[] {
  const violations: string[] = [];
  const librariesOf = new Map<string, Set<string>>();
  for (const file of house.files) {
    if (file.room !== 'adapters' || file.unit === null) continue;
    for (const { target, line, specifier } of importsOf(file)) {
      const unit = target === null ? null : unitOf(target, house.paths);
      if (unit?.startsWith('adapters') === true && unit !== file.unit)
        violations.push(`${file.path}:${line} meets ${unit}`);
      if (target !== null || specifier.startsWith('node:') || file.isTest) continue;
      const libraries = librariesOf.get(file.unit) ?? new Set<string>();
      librariesOf.set(file.unit, libraries.add(packageOf(specifier)));
    }
  }
  for (const [unit, libraries] of librariesOf) {
    if (libraries.size > 1)
      violations.push(`src/${unit} imports more than one library: ${[...libraries].join(', ')}`);
  }
  return violations;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** No file imports itself by way of others; an import of a type counts. Names one cycle for each file that closes one. */
export function checkCycles(house: House): string[] {
  const targetsOf = new Map(
    house.files.map((file) => [
      file.path,
      importsOf(file).flatMap(({ target }) => (target === null ? [] : [target])),
    ]),
  );
  const done = new Set<string>();
  const trail: string[] = [];
  const violations: string[] = [];
  function visit(path: string): void {
    const at = trail.indexOf(path);
    if (at !== -1) violations.push(`import cycle: ${[...trail.slice(at), path].join(' -> ')}`);
    if (at !== -1 || done.has(path)) return;
    trail.push(path);
    for (const target of targetsOf.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  }
  for (const path of targetsOf.keys()) visit(path);
  return violations;
}
