// Finds links of the built site that lead nowhere: to an address that has no file, or to a heading that its page does not have. What the
// bundler checks are the pages before their addresses are made.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `PAGE -> ADDRESS`, for each. */
export function deadLinks(root: string): readonly string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (file: string): ReadonlySet<string> => {
    const known =
      anchors.get(file) ??
      new Set(Array.from(readFileSync(file, 'utf8').matchAll(/ id="([^"]*)"/g), ([, id = '']) => id));
    anchors.set(file, known);
    return known;
  };
  return globSync('**/*.html', { cwd: root }).flatMap((page) => {
    const text = /<main.*<\/main>/s.exec(readFileSync(join(root, page), 'utf8'))?.[0] ?? '';
    const links = Array.from(text.matchAll(/ href="([^"]*)"/g), ([, href = '']) =>
      href.replaceAll('&amp;', '&'),
    );
    const dead = new Set(links.filter((link) => !isThere(root, page, link, anchorsOf)));
    return [...dead].map((link) => `${page} -> ${link}`);
  });
}

function isThere(
  root: string,
  page: string,
  link: string,
  anchorsOf: (file: string) => ReadonlySet<string>,
): boolean {
  const base = 'http://site';
  const url = new URL(link, `${base}/${page}`);
  if (url.origin !== base) return true;
  const path = join(root, decodeURIComponent(url.pathname));
  const file = [path, `${path}.html`, join(path, 'index.html')].find(
    (each) => existsSync(each) && /\.\w+$/.test(each),
  );
  if (file === undefined) return false;
  return url.hash === '' || anchorsOf(file).has(decodeURIComponent(url.hash.slice(1)));
}
