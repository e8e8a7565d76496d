// Reads what a page promises: its code blocks, its headings as anchors, and its links.
import { anchorOf } from '../../scripts/anchor-of.ts';
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface MarkdownPage {
  readonly blocks: readonly CodeBlock[];
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
}

export function parseMarkdown(text: string): MarkdownPage {
  const blocks: CodeBlock[] = [];
  const headings: string[] = [];
  const links: Link[] = [];
  let open: { readonly language: string; readonly line: number; readonly lines: string[] } | null = null;
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    const fence = /^```(\S*)/.exec(content);
    if (open !== null && fence !== null) {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = null;
    } else if (open !== null) open.lines.push(content);
    else if (fence !== null) open = { language: fence[1] ?? '', line, lines: [] };
    else {
      const heading = /^#{1,6} (.+)$/.exec(content)?.[1];
      if (heading !== undefined) headings.push(heading);
      links.push(...linksOf(content).map((target) => ({ target, line })));
    }
  }
  if (open !== null) throw new Error(`the block that begins in line ${open.line} has no end`);
  return { blocks, anchors: anchorsOf(headings), links };
}

function linksOf(line: string): string[] {
  const withoutCode = line.replaceAll(/`[^`]*`/g, '``');
  return Array.from(withoutCode.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
}

/** A repeated one is numbered. */
function anchorsOf(headings: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const heading of headings) {
    const plain = anchorOf(heading);
    let anchor = plain;
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${plain}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
