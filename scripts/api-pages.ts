// Writes the reference of the API: one page for each door, out of the sources and their docstrings.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { Application, ReflectionKind } from 'typedoc';
import { readSubpaths } from './subpaths.ts';

/** Of the page of a door: without a slash, so that all stand in one folder. */
function fileName(specifier: string): string {
  return specifier.replaceAll('/', '.');
}

/** Says whether the sources could be read without an error. */
export async function writeApiPages(folder: string): Promise<boolean> {
  const doors = readSubpaths();
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: doors.map(({ source }) => source),
    tsconfig: 'tsconfig.json',
    // It empties this folder, and without it the folder docs/.
    out: folder,
    name: 'The API',
    readme: 'none',
    disableSources: true,
    excludeInternal: true,
    skipErrorChecking: true,
    logLevel: 'Error',
    githubPages: false,
    hideGenerator: true,
    ...{
      outputFileStrategy: 'modules',
      entryFileName: 'index',
      hideBreadcrumbs: true,
      hidePageHeader: true,
      useCodeBlocks: true,
    },
  });
  const project = await app.convert();
  if (project === undefined) return false;
  // A module is called as it is imported, and not after its file.
  const modules = project.getReflectionsByKind(ReflectionKind.Module);
  for (const { specifier, source } of doors) {
    const room = source.replace(/^src\//, '').replace(/\/index\.ts$/, '');
    const module = modules.find(({ name }) => name === room || name === `${room}/index`);
    if (module === undefined)
      throw new Error(`${source} has no page among ${modules.map(({ name }) => name).join(', ')}`);
    module.name = fileName(specifier);
  }
  await app.generateOutputs(project);
  for (const path of globSync(`${folder}/*.md`)) {
    const text = doors.reduce(
      (page, { specifier }) =>
        page
          .replaceAll(`# ${fileName(specifier)}\n`, `# ${specifier}\n`)
          .replaceAll(`[${fileName(specifier)}]`, `[${specifier}]`),
      // Docstrings are written for docs/errors/.
      readFileSync(path, 'utf8').replaceAll('](../reference/', '](../'),
    );
    writeFileSync(path, text);
  }
  return !app.logger.hasErrors();
}
