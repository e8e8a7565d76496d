// Decides which functions of the package's root take an object of options, read from the built declarations, whatever is written in a test.
import { resolve } from 'node:path';
import ts from 'typescript';

/** What a parameter is called that is an object of options; every other object is a value, such as a store or a report. */
const optionWords: ReadonlySet<string> = new Set(['options', 'request', 'asked', 'policy', 'fork']);

/** Their names, in the order of the declarations. Reads `dist`; build it first. */
export function readOptionTakers(): readonly string[] {
  const file = resolve('dist/index.d.ts');
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is missing; run \`./dev build\` first`);
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    if ((symbol.flags & ts.SymbolFlags.Function) === 0) return [];
    const calls = checker.getTypeOfSymbol(symbol).getCallSignatures();
    const takesOptions = calls.some((call) =>
      call.parameters.some(
        (parameter) =>
          optionWords.has(parameter.name) || isLoose(checker.getTypeOfSymbol(parameter), checker),
      ),
    );
    return takesOptions ? [exported.name] : [];
  });
}

/** An object of which every part may be left out is one of options, whatever it is called. */
function isLoose(type: ts.Type, checker: ts.TypeChecker): boolean {
  const object = checker.getNonNullableType(type);
  const parts = object.getProperties();
  const isObject = (object.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
  if (!isObject || parts.length === 0 || object.getCallSignatures().length > 0) return false;
  return parts.every((part) => (part.flags & ts.SymbolFlags.Optional) !== 0);
}
