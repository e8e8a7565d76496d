/** What the compiler refuses in people's code: each marked line of a program is an error, and no other line is. */
import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const program = `
import { behavior, objectType, open, tool } from 'runlog';
import { z } from 'zod';
const claim = objectType({ name: 'claim', schema: z.object({ text: z.string() }) });
const run = await open('memory:');
await run.mutate((graph) => graph.addObject(claim, { text: 'T' }));
await run.mutate((graph) => graph.addObject(claim, { text: 7 })); // refused
await run.mutate((graph) => graph.addObject(claim, {})); // refused
await run.mutate((graph) => graph.proposePatch('claim#1', { op: 'replace', value: {} }));
await run.mutate((graph) => graph.proposePatch('claim#1', { op: 'bogus', value: {} })); // refused
await open('memory:', { budget: { maxEvents: 3, maxCostUsd: '5.00' } });
await open('memory:', { budget: { maxEvent: 3 } }); // refused
await open('memory:', { budget: { maxCostUsd: 5 } }); // refused
behavior({ name: 'b', on: 'goal.created', run: ({ event }) => event.payload.goal });
behavior({ name: 'b', on: 'goal.created', run: ({ event }) => event.payload.aim }); // refused
behavior({ name: 'b', on: 'goal.created', run: ({ event }) => { event.payload.goal = 'x'; } }); // refused
behavior({ name: 'b', on: 'goal.created', run: ({ graph }) => { graph.objects().push(); } }); // refused
behavior({ on: 'goal.created', run: () => {} }); // refused
tool({ name: 't', inputSchema: z.object({ q: z.string() }), run: ({ q }) => q.length });
tool({ name: 't', inputSchema: z.object({ q: z.string() }), run: ({ p }) => p }); // refused
`;

test('the types refuse what the runtime would refuse later', { timeout: 300_000 }, () => {
  const marked = program
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// refused') ? [index + 1] : []));
  expect(linesWithErrors('test/scenarios/program-of-somebody.ts', program)).toEqual(marked);
});

/** The lines of a file that is not on disk in which the compiler, set up as for this project, finds an error. */
function linesWithErrors(path: string, text: string): number[] {
  const { config } = ts.readConfigFile('tsconfig.json', (name) => ts.sys.readFile(name)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, '.');
  const alone = { ...options, incremental: false };
  delete alone.tsBuildInfoFile;
  const host = ts.createCompilerHost(alone);
  const file = resolve(path);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest) : readSource(name, ...rest);
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (name) => name === file || fileExists(name);
  const built = ts.createProgram([file], alone, host);
  const source = built.getSourceFile(file);
  const lines = built
    .getSemanticDiagnostics(source)
    .map(({ start = 0 }) => source?.getLineAndCharacterOfPosition(start).line ?? 0);
  return [...new Set(lines.map((line) => line + 1))].sort((left, right) => left - right);
}
