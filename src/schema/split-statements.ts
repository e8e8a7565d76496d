/**
 * Decides where a statement ends in goose's format: at a semicolon at the end of a line, outside of comments, unless the lines
 * stand between `StatementBegin` and `StatementEnd`.
 */

export interface SectionLine {
  readonly text: string;
  /** 1-based, in the file. */
  readonly number: number;
}

export interface Statements {
  readonly statements: readonly string[];
  /** What is wrong with the section, and in which line; `null` for a sound one. */
  readonly problem: { readonly line: number; readonly what: string } | null;
}

export function splitStatements(lines: readonly SectionLine[]): Statements {
  const statements: string[] = [];
  let open: string[] = [];
  let blockLine: number | null = null;
  const end = (): void => {
    const statement = open.join('\n').trim();
    if (statement !== '') statements.push(statement);
    open = [];
  };
  const wrong = (line: number, what: string): Statements => ({ statements, problem: { line, what } });
  for (const { text, number } of lines) {
    const annotation = annotationOf(text);
    if (annotation === 'StatementBegin') {
      if (blockLine !== null) return wrong(number, 'StatementBegin stands inside another one');
      if (isUnfinished(open)) return wrong(number, 'the statement before it does not end with a semicolon');
      open = [];
      blockLine = number;
    } else if (annotation === 'StatementEnd') {
      if (blockLine === null) return wrong(number, 'StatementEnd has no StatementBegin');
      blockLine = null;
      end();
    } else if (blockLine !== null) {
      open.push(text);
    } else if (!isComment(text) || open.length > 0) {
      open.push(text);
      if (endsStatement(text)) end();
    }
  }
  if (blockLine !== null) return wrong(blockLine, 'StatementBegin has no StatementEnd');
  const last = lines.at(-1);
  if (isUnfinished(open) && last !== undefined)
    return wrong(last.number, 'the last statement does not end with a semicolon');
  return { statements, problem: null };
}

/** `Up` for a line `-- +goose Up`; `null` for any other line. */
export function annotationOf(line: string): string | null {
  const match = /^--\s*\+goose\s+(.+?)\s*$/.exec(line.trim());
  return match?.[1]?.replace(/\s+/g, ' ') ?? null;
}

function isComment(line: string): boolean {
  const text = line.trim();
  return text === '' || text.startsWith('--');
}

function isUnfinished(lines: readonly string[]): boolean {
  return lines.some((line) => !isComment(line));
}

/** A comment behind the semicolon does not count, and neither does a semicolon in a comment. */
function endsStatement(line: string): boolean {
  return withoutComment(line).trimEnd().endsWith(';');
}

/** The line up to a `--` that stands outside of quotes. */
function withoutComment(line: string): string {
  let quote: string | null = null;
  for (let index = 0; index < line.length; index += 1) {
    const sign = line[index] ?? '';
    if (quote !== null) {
      if (sign === quote) quote = null;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
    } else if (sign === '-' && line[index + 1] === '-') {
      return line.slice(0, index);
    }
  }
  return line;
}
