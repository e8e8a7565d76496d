// The rules of comments: each file says what it decides, none promises work for later, none switches a check off.
import ts from 'typescript';
import type { House, HouseFile } from './house.ts';

/** A sentence, so that the comment says something: some words, ended by a full stop or a colon with what follows. */
const sentence = /\w+(\W+\w+){3,}[\s\S]*[.!?:;]/;

export function checkFileHeaders(house: House): string[] {
  return house.files
    .filter((file) => !file.isTest && !isDoor(file) && !sentence.test(headerOf(file)))
    .map((file) => `${file.path} does not begin with a comment that says what it decides`);
}

/** A door begins with a paragraph about its unit. */
export function checkDoorHeaders(house: House): string[] {
  return house.files
    .filter((file) => isDoor(file) && !(sentence.test(headerOf(file)) && headerOf(file).length >= 60))
    .map((file) => `${file.path} does not begin with a paragraph about what is behind this door`);
}

function isDoor(file: HouseFile): boolean {
  return file.room !== null && file.path.endsWith('/index.ts');
}

function headerOf({ text }: HouseFile): string {
  const start = ts.getShebang(text)?.length ?? 0;
  const [first, ...rest] = ts.getLeadingCommentRanges(text, start) ?? [];
  if (first === undefined || text.slice(start, first.pos).trim() !== '') return '';
  let end = first.end;
  for (const next of rest) if (/^[ \t]*\n?[ \t]*$/.test(text.slice(end, next.pos))) end = next.end;
  return text
    .slice(first.pos, end)
    .replace(/^[ \t]*(\/\*\*?|\*\/|\*|\/\/)/gm, '')
    .trim();
}

const bannedWords: readonly (readonly [RegExp, string])[] = [
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'work for later belongs into the tracker'],
  [/@ts-(ignore|expect-error|nocheck)/, 'the compiler is not silenced'],
  [
    /\b(eslint|oxlint|tslint|biome|prettier|oxfmt|knip|v8|c8|istanbul)[- ](disable|ignore)/,
    'no check is switched off',
  ],
];

export function checkComments(house: House): string[] {
  const violations: string[] = [];
  for (const file of house.files) {
    // Where a word stands nowhere, it stands in no comment either; to find the comments takes long.
    if (!bannedWords.some(([pattern]) => pattern.test(file.text))) continue;
    for (const { pos, end } of commentsOf(file)) {
      const found = bannedWords.filter(([pattern]) => pattern.test(file.text.slice(pos, end)));
      const line = file.ast.getLineAndCharacterOfPosition(pos).line + 1;
      violations.push(...found.map(([, why]) => `${file.path}:${line} ${why}`));
    }
  }
  return violations;
}

/** Every comment, wherever it stands: those before each token and those behind it. */
function commentsOf({ ast, text }: HouseFile): ts.CommentRange[] {
  const found = new Map<number, ts.CommentRange>();
  function visit(node: ts.Node): void {
    const children = node.getChildren(ast);
    if (children.every(ts.isJSDoc)) {
      const ranges = [
        ts.getLeadingCommentRanges(text, node.pos),
        ts.getTrailingCommentRanges(text, node.end),
      ];
      for (const range of ranges.flatMap((list) => list ?? [])) found.set(range.pos, range);
    }
    children.forEach(visit);
  }
  visit(ast);
  return [...found.values()];
}
