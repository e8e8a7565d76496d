// The verb `docs`: puts the pages of the site together and builds it. Added to those of docs/ are the API out of the sources, the
// files that pages link to, and llms.txt. A link that leads nowhere fails the build. With --pages nothing is built.
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, normalize, relative } from 'node:path';
import { writeApiPages } from './api-pages.ts';
import { writeJsonSchemas } from './json-schemas.ts';
import { runInherited } from './run-step.ts';
import { deadLinks } from './site-links.ts';
import { readSiteMap, titleOf } from './site-map.ts';

const site = 'https://runlog.dev';
const pages = 'docs/.vitepress/pages';

function put(path: string, text: string): void {
  mkdirSync(dirname(join(pages, path)), { recursive: true });
  writeFileSync(join(pages, path), text);
}

/** Links out of docs/ lead to a page that shows the file; whatever is linked is put there. */
function withSources(path: string, text: string, linked: Set<string>): string {
  return text.replaceAll(
    /\]\((\.\.?\/[^)#\s]+|[\w./-]+\.md)(#[^)\s]*)?\)/g,
    (link, target: string, anchor = '') => {
      const file = normalize(join('docs', dirname(path), target));
      // The page of a folder is its index on the site.
      if (file.startsWith('docs/')) return link.replace(/README\.md(?=[#)])/, 'index.md');
      linked.add(file);
      const address = relative(dirname(join('docs', path)), `docs/${sourcePage(file)}`);
      return `](${address.startsWith('.') ? address : `./${address}`}${anchor})`;
    },
  );
}

function sourcePage(file: string): string {
  return `source/${file.replace(/\.md$/, '')}.md`;
}

function putSource(file: string): void {
  const text = readFileSync(file, 'utf8');
  const isPage = extname(file) === '.md';
  put(sourcePage(file), isPage ? text : `# ${file}\n\n\`\`\`${extname(file).slice(1)}\n${text}\`\`\`\n`);
}

async function putPages(): Promise<void> {
  const linked = new Set<string>();
  for (const path of globSync('**/*.md', { cwd: 'docs', exclude: ['.vitepress/**'] })) {
    put(
      path.replace(/README\.md$/, 'index.md'),
      withSources(path, readFileSync(join('docs', path), 'utf8'), linked),
    );
  }
  for (const file of linked) putSource(file);
  // Charts stand beside their page.
  for (const path of globSync('**/*.svg', { cwd: 'docs', exclude: ['.vitepress/**'] }))
    cpSync(join('docs', path), join(pages, path));
  cpSync('docs/grafana', join(pages, 'public/grafana'), { recursive: true });
  await writeJsonSchemas(join(pages, 'public/schemas'));
}

/** The site for language models: the map, and every page but the API and the decisions in one text. */
function putTextsForModels(): void {
  const sections = readSiteMap().filter(({ title }) => title !== 'Decisions');
  const list = sections.map(({ title, pages: own }) => {
    const lines = own.map((page) => {
      const note = page.note === '' ? '' : `: ${page.note}`;
      return `- [${page.title}](${site}/${page.path.replace(/\.md$/, '')})${note}`;
    });
    return `## ${title}\n\n${lines.join('\n')}\n`;
  });
  const head =
    '# runlog\n\n> A durable, event-sourced runtime and store for runs of AI agents, in TypeScript: the log is the run.\n';
  put('public/llms.txt', `${head}\nEverything in one text: ${site}/llms-full.txt\n\n${list.join('\n')}`);
  const texts = sections
    .flatMap(({ pages: own }) => own)
    .map(({ path }) => {
      const text = readFileSync(join('docs', path), 'utf8').trim();
      return `<!-- ${site}/${path.replace(/\.md$/, '')}: ${titleOf(text, path)} -->\n\n${text}\n`;
    });
  put('public/llms-full.txt', `${head}\n${texts.join('\n')}`);
}

rmSync(pages, { recursive: true, force: true });
await putPages();
putTextsForModels();
const isComplete = await writeApiPages(join(pages, 'reference/api'));
if (!isComplete) process.exitCode = 1;
else if (!process.argv.includes('--pages')) {
  process.exitCode = await runInherited(['vitepress', 'build', 'docs']);
  const dead = process.exitCode === 0 ? deadLinks('docs/.vitepress/dist') : [];
  for (const link of dead) process.stderr.write(`a link that leads nowhere: ${link}\n`);
  if (dead.length > 0 || !existsSync('docs/.vitepress/dist/index.html')) process.exitCode = 1;
}
