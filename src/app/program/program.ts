/**
 * Decides which program drives a stored run: the one in a file that somebody names, and the shipped packs that its log names.
 * Commands that go on with a run, repeat it or plan a fork of it ask here.
 */
import { checkArguments, checkOptionNames } from '../../base/index.ts';
import { decodeEvent, type LogStore } from '../../log/index.ts';
import { type Pack, packOf, type PackRequest } from '../../packs/index.ts';
import { loadProgramFile, type Program } from './program-file.ts';

/** A pack that is part of this package, with the model and the invoker that play it offline. */
type ShippedPack = () => Promise<Required<Pick<Program, 'packs' | 'model' | 'invoker'>>>;

/** Loaded when a log names them: their documents and schemas are not the business of every command. */
const shippedPacks: ReadonlyMap<string, ShippedPack> = new Map([
  [
    'diligence',
    async () => {
      const { diligence, diligenceInvoker, diligenceModel } = await import('../../packs/diligence/index.ts');
      return { packs: [diligence], model: diligenceModel(), invoker: diligenceInvoker() };
    },
  ],
]);

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ file: true } satisfies Record<
  keyof NonNullable<Parameters<typeof programOf>[2]>,
  true
>);

/** `file` is a module with the program; packs that it gives itself are not looked up. Rejects with `ProgramFileError`. */
export async function programOf(
  store: LogStore,
  runId: string,
  options: { readonly file?: string } = {},
): Promise<Program> {
  checkArguments('programOf', {
    store: [store, 'with commit'],
    runId: [runId, 'text'],
    options: [options, 'object'],
  });
  checkOptionNames('programOf', options, optionNames);
  let program: Program = options.file === undefined ? {} : await loadProgramFile(options.file);
  const given = new Set((program.packs ?? []).map(nameOf));
  for (const name of await packsIn(store, runId)) {
    const shipped = given.has(name) ? undefined : shippedPacks.get(name);
    if (shipped === undefined) continue;
    const { packs, model, invoker } = await shipped();
    program = { model, invoker, ...program, packs: [...(program.packs ?? []), ...packs] };
  }
  return program;
}

/** The packs of a program file. Rejects with `ProgramFileError`. */
export async function packsOfFile(file: string): Promise<readonly Pack[]> {
  checkArguments('packsOfFile', { file: [file, 'text'] });
  const { packs = [] } = await loadProgramFile(file);
  return packs.map((request) => packOf(request).pack);
}

function nameOf(request: PackRequest): string {
  return packOf(request).pack.name;
}

/** Packs of a run in the order in which they were loaded. */
async function packsIn(store: LogStore, runId: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const page of store.read(runId, { types: ['pack.loaded'] })) {
    for (const stored of page) {
      const { name } = decodeEvent(stored, runId).payload;
      if (typeof name === 'string') names.add(name);
    }
  }
  return names;
}
