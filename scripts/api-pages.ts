// Writes the reference of the API: one page for each door, out of the sources and their docstrings.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { anchorOf } from './anchor-of.ts';
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
  const paths = globSync(`${folder}/*.md`);
  for (const path of paths) {
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
  for (const path of paths) writeFileSync(path, withRealAnchors(path, folder));
  return !app.logger.hasErrors();
}

/** Some headings are counted that are not written: a link to the second of a name, where there is one alone, leads to that one. */
function withRealAnchors(path: string, folder: string): string {
  return readFileSync(path, 'utf8').replaceAll(
    /\]\(([\w.]*\.md)?#([\w-]+)-(\d+)\)/g,
    (link, page: string | undefined, plain: string, number: string) => {
      const anchors = anchorsIn(page === undefined ? path : join(folder, page));
      for (let copy = Number(number); copy > 0; copy -= 1)
        if (anchors.has(`${plain}-${copy}`)) return `](${page ?? ''}#${plain}-${copy})`;
      return anchors.has(plain) ? `](${page ?? ''}#${plain})` : link;
    },
  );
}

function anchorsIn(path: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)) {
    const plain = anchorOf(heading);
    let anchor = plain;
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${plain}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
