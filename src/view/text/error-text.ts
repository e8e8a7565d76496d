/**
 * Decides how an error reads for a person: what failed, why it is refused, how to fix it, where to read more. No stack: those
 * who need one ask for it.
 */
import { isStructuredError, type JsonObject, shellWord } from '../../base/index.ts';
import { withoutCredentials } from '../../log/index.ts';
import { type Paint, plainPaint } from './paint.ts';
import { clean, cleanLines, cut } from './printable.ts';

/** What stands for the words URL and RUN in the commands of an error, so that they work as typed. */
export interface CommandNames {
  /** How the program was called; `runlog` by default. */
  readonly program?: string;
  readonly url?: string;
  readonly runId?: string;
}

/** Colours, and the names of commands in advice. */
export interface ErrorTextOptions {
  readonly paint?: Paint;
  readonly names?: CommandNames;
}

/** The lines that a person reads of an error. */
export function errorText(error: unknown, options: ErrorTextOptions = {}): readonly string[] {
  const { paint = plainPaint, names = {} } = options;
  const { summary, whatFailed, why, howToFix, docUrl, context } = partsOf(error);
  const section = (title: string, text: string): readonly string[] => [
    '',
    `${title}:`,
    ...cleanLines(text)
      .split('\n')
      .map((part) => `  ${part}`.trimEnd()),
  ];
  return [
    `${paint('bad', 'error:')} ${clean(summary)}`,
    ...section('What failed', whatFailed),
    ...section('Why', why),
    ...section('How to fix', fillIn(howToFix, names)),
    ...(howToFix.includes('`context`') ? contextSection(context, section) : []),
    ...(docUrl === null ? [] : section('More', docUrl)),
  ];
}

const contextColumns = 300;

/** What the advice sends its reader to, a line for each value; `--json` has them whole. */
function contextSection(
  context: JsonObject,
  section: (title: string, text: string) => readonly string[],
): readonly string[] {
  const lines = Object.entries(context).map(
    ([name, value]) => `${clean(name)}: ${cut(JSON.stringify(value), contextColumns)}`,
  );
  return lines.length === 0 ? [] : section('Context', lines.join('\n'));
}

/** What `--json` prints of an error. */
export function errorToJson(error: unknown, options: { readonly names?: CommandNames } = {}): JsonObject {
  const { name, code, summary, whatFailed, why, howToFix, docUrl, context } = partsOf(error);
  return {
    error: {
      name,
      code,
      summary,
      what_failed: whatFailed,
      why,
      how_to_fix: fillIn(howToFix, options.names ?? {}),
      doc_url: docUrl,
      context,
    },
  };
}

interface ErrorParts {
  readonly name: string;
  readonly code: string;
  readonly summary: string;
  readonly whatFailed: string;
  readonly why: string;
  readonly howToFix: string;
  readonly docUrl: string | null;
  readonly context: JsonObject;
}

function partsOf(error: unknown): ErrorParts {
  if (isStructuredError(error)) return error;
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  return {
    name,
    code: 'unexpected',
    summary: `unexpected ${name}: ${message}`,
    whatFailed: 'Something failed that runlog has no explanation for.',
    why: 'What is not understood is not hidden: a wrong answer would be worse than none.',
    howToFix: 'Run the command again with RUNLOG_DEBUG=1 to see where it failed, and report that.',
    docUrl: null,
    context: {},
  };
}

/**
 * Replaces the words inside commands (between backticks, beginning with `runlog`) and nowhere else. Without a run the option
 * goes: the command then takes the run that was created last, as the one before it did.
 */
export function fillIn(text: string, { program = 'runlog', url, runId }: CommandNames): string {
  return text.replaceAll(/`runlog ([^`]*)`/g, (_command, rest: string) => {
    if (url === undefined) return `\`${program} ${rest}\``;
    const withRun =
      runId === undefined
        ? rest.replaceAll(' --run-id RUN', '')
        : rest.replaceAll(/\bRUN\b/g, () => shellWord(runId));
    const shown = shellWord(withoutCredentials(url));
    return `\`${program} ${withRun.replaceAll(/\bURL\b/g, () => shown)}\``;
  });
}
