// The rules of code: pure rooms touch no clock, no chance, no locale and no platform; tests are never skipped; no any.
import ts from 'typescript';
import { type House, type HouseFile, lineOf, walk } from './house.ts';
import { importsOf } from './imports.ts';

const platformNames = new Set(
  (
    'process console crypto fetch performance globalThis global Buffer setTimeout setInterval setImmediate ' +
    'queueMicrotask structuredClone require Intl'
  ).split(' '),
);
const bannedMembers = new Set(['Date.now', 'Math.random']);
const localeMembers = /^(localeCompare|toLocale\w+)$/;

export function checkPurity(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files) {
    if (file.isTest || file.room === null || !house.pureRooms.has(file.room)) continue;
    const add = (line: number, what: string) =>
      violations.push(`${file.path}:${line} ${what} in a pure room`);
    for (const { specifier, line } of importsOf(file))
      if (isNodeModule(specifier)) add(line, `import of ${specifier}`);
    const declared = declaredNames(file);
    walk(file.ast, (node) => {
      const found = impurity(node, declared);
      if (found !== null) add(lineOf(file, node), found);
    });
  }
  return violations;
}

function isNodeModule(specifier: string): boolean {
  return (
    specifier.startsWith('node:') ||
    /^(fs|path|os|crypto|child_process|events|url|util|stream)(\/|$)/.test(specifier)
  );
}

/** Names that the file declares itself are its own: a parameter `fetch` is a port, not the platform's. */
function declaredNames(file: HouseFile): ReadonlySet<string> {
  const names = new Set<string>();
  walk(file.ast, (node) => {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

function impurity(node: ts.Node, declared: ReadonlySet<string>): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`;
    if (bannedMembers.has(member) || localeMembers.test(node.name.text)) return member;
  }
  const isDate =
    (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date';
  if (isDate && (ts.isCallExpression(node) || (node.arguments ?? []).length === 0)) return 'the present time';
  const isFree = ts.isIdentifier(node) && platformNames.has(node.text) && !declared.has(node.text);
  return isFree && isValueReference(node) ? node.text : null;
}

/** Tells `process` the value from `task.process`, `{ process: 1 }`, `process(): void` and a type's member. */
function isValueReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return (
    !('name' in parent && parent.name === node) && !('propertyName' in parent && parent.propertyName === node)
  );
}

const testRoots = new Set(['it', 'test', 'describe', 'suite', 'bench', 'expect']);
const testSwitches = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails']);

/** A test that does not run, or that keeps others from running, proves nothing. */
export function checkNoSkippedTests(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files) {
    if (!file.isTest && !file.path.startsWith('test/')) continue;
    walk(file.ast, (node) => {
      if (!ts.isPropertyAccessExpression(node) || !testSwitches.has(node.name.text)) return;
      const root = /^\w+/.exec(node.expression.getText())?.[0] ?? '';
      if (testRoots.has(root) || isSkipCall(node))
        violations.push(`${file.path}:${lineOf(file, node)} .${node.name.text} in a test`);
    });
    walk(file.ast, (node) => {
      const isAlias = ts.isIdentifier(node) && /^(xit|xtest|xdescribe|fit|fdescribe)$/.test(node.text);
      if (isAlias && ts.isCallExpression(node.parent))
        violations.push(`${file.path}:${lineOf(file, node)} ${node.text} in a test`);
    });
  }
  return violations;
}

/** `context.skip()` inside a running test. */
function isSkipCall(node: ts.PropertyAccessExpression): boolean {
  return (
    node.name.text === 'skip' &&
    ts.isCallExpression(node.parent) &&
    /^(context|ctx|t)$/.test(node.expression.getText())
  );
}

export function checkNoAny(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files) {
    walk(file.ast, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword)
        violations.push(`${file.path}:${lineOf(file, node)} any says nothing; use unknown`);
    });
  }
  return violations;
}
