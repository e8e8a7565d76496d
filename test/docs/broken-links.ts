// Finds links that lead nowhere: to a file that is not there, or to a heading that its page does not have.
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { DocPage } from './pages.ts';

/** Links to other sites are left alone: whether they answer today says nothing about this project. */
export function brokenLinks(
  pages: readonly DocPage[],
  exists: (path: string) => boolean = existsSync,
): string[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links.flatMap(({ target, line }) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page.path : posix.normalize(posix.join(posix.dirname(page.path), file));
      const at = `${page.path}:${line} '${target}'`;
      if (!exists(path)) return [`${at}: there is no ${path}`];
      const isKnown = anchor === undefined || byPath.get(path)?.anchors.has(anchor) === true;
      return isKnown ? [] : [`${at}: ${path} has no heading '#${anchor}'`];
    }),
  );
}
