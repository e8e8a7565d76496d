// The rule of raise sites: what the platform can throw (files, programs, JSON, bytes) is caught where it is called, and what we throw
// ourselves is of the catalogue. What stands otherwise is found here; which of it may stay, and why, is said by a page.
import ts from 'typescript';
import { type House, type HouseFile, walk } from './house.ts';

/** Where something raw can come from. */
export interface RaiseSite {
  /** `src/app/output-file.ts#moved`: the file and the function, class or constant around it. */
  readonly place: string;
  /** `readFile`, `JSON.parse`, `new TypeError`. */
  readonly what: string;
}

/** What of these modules is called can fail for reasons that lie outside of the program. */
const rawModules = /^node:(fs|fs\/promises|sqlite|child_process|net|zlib|worker_threads)$/;
/** These answer with a value, whatever happens, or only name something. */
const harmless = new Set(['existsSync', 'constants', 'createServer', 'FileHandle', 'Stats', 'Socket']);
/** What is called on an open file. */
const onFiles = /^(read|readFile|write|writeFile|sync|datasync|truncate|stat|appendFile|readv|writev|chmod)$/;
/** What is called on somebody else's client, by the folder that has one. */
const onClients: Readonly<Record<string, RegExp>> = {
  'src/adapters/stores/postgres/': /^(query|connect)$/,
  'src/adapters/stores/sqlite/': /^(prepare|iterate)$/,
  'src/adapters/artifacts/s3/': /^(send|transformToByteArray|transformToString)$/,
  'src/adapters/models/anthropic/': /^(stream|countTokens|finalMessage)$/,
};
const parsers = new Set(['JSON.parse', 'parseJson']);
const builtins =
  /^(Error|TypeError|RangeError|SyntaxError|ReferenceError|URIError|EvalError|AggregateError|DOMException)$/;

/** A function that calls what it is given and translates what that throws, and the file or folder in which its name means that. */
export interface Boundary {
  readonly name: string;
  readonly place: string;
}

export function raiseSites(house: House, boundaries: readonly Boundary[]): readonly RaiseSite[] {
  const sites: RaiseSite[] = [];
  for (const file of house.files) {
    if (file.isTest || file.room === null) continue;
    const raw = rawNames(file);
    const here = new Set(
      boundaries.filter(({ place }) => file.path.startsWith(place)).map(({ name }) => name),
    );
    walk(file.ast, (node) => {
      const what = rawCall(node, raw) ?? clientCall(node, file.path);
      if (what !== null && !isCaught(node, here)) sites.push({ place: placeOf(file, node), what });
      const made = builtinMade(node);
      if (made !== null) sites.push({ place: placeOf(file, node), what: made });
    });
  }
  return sites;
}

/** The names in a file that stand for functions of the platform; `.` for one that has open files. */
function rawNames(file: HouseFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of file.ast.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const { text } = statement.moduleSpecifier;
    const bindings = statement.importClause?.namedBindings;
    if (!rawModules.test(text) || bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      const original = (propertyName ?? name).text;
      if (text === 'node:fs/promises' && /^(open|FileHandle)$/.test(original)) names.add('.');
      if (!harmless.has(original)) names.add(name.text);
    }
  }
  return names;
}

function rawCall(node: ts.Node, raw: ReadonlySet<string>): string | null {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return null;
  const { expression } = node;
  const text = expression.getText();
  if (parsers.has(text)) return text;
  if (ts.isIdentifier(expression)) return raw.has(text) ? text : null;
  const isOnFile = ts.isPropertyAccessExpression(expression) && onFiles.test(expression.name.text);
  return isOnFile && raw.has('.') && !text.startsWith('this.') ? `.${expression.name.text}` : null;
}

function clientCall(node: ts.Node, path: string): string | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const { name } = node.expression;
  const isOnClient = Object.entries(onClients).some(
    ([folder, methods]) => path.startsWith(folder) && methods.test(name.text),
  );
  return isOnClient ? `.${name.text}` : null;
}

/** In a `try` of the same function that has a `catch`, or with a `catch` of its own. */
function isCaught(node: ts.Node, boundaries: ReadonlySet<string>): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    if (ts.isTryStatement(parent) && parent.tryBlock === at && keepsBack(parent.catchClause)) return true;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === at && parent.name.text === 'catch')
      return true;
    if (ts.isFunctionLike(at)) return isHandedTo(boundaries, at);
  }
  return false;
}

/** `guarded('read', async () => open(path))`: what is done in there is watched by whoever gets it. */
function isHandedTo(boundaries: ReadonlySet<string>, work: ts.Node): boolean {
  const { parent } = work;
  return ts.isCallExpression(parent) && boundaries.has(parent.expression.getText());
}

/** What a clause throws again has only come by. */
function keepsBack(clause: ts.CatchClause | undefined): boolean {
  if (clause === undefined) return false;
  const caught = clause.variableDeclaration?.name.getText();
  let isThrownAgain = false;
  walk(clause.block, (node) => {
    if (ts.isThrowStatement(node) && node.expression.getText() === caught) isThrownAgain = true;
  });
  return !isThrownAgain;
}

function builtinMade(node: ts.Node): string | null {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return null;
  const name = node.expression.getText();
  return builtins.test(name) ? `new ${name}` : null;
}

/** The outermost name is that of what stands in the file, the innermost that of the function or method. */
function placeOf(file: HouseFile, node: ts.Node): string {
  const names: string[] = [];
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    const name = nameOf(at);
    if (name !== null) names.unshift(name);
  }
  return `${file.path}#${names.join('.')}`;
}

function nameOf(node: ts.Node): string | null {
  const isNamed =
    ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isClassDeclaration(node);
  if (isNamed) return node.name?.getText() ?? null;
  const isTop = ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent);
  return isTop ? node.name.getText() : null;
}
