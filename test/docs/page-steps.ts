// Decides what of a page is run, and what it has to print. A `ts` block that imports begins a program, and those without an
// import go on with it; a `text` block says what the program, or the `sh` block, before it prints.
import type { DocPage } from './pages.ts';

export interface ProgramStep {
  readonly kind: 'program';
  readonly line: number;
  /** The file that it is saved as: named by a first line such as `// first.ts`, or after its line. */
  readonly file: string;
  readonly text: string;
  /** `null` when the page says nothing about the output. */
  readonly expected: string | null;
}

export interface ShellStep {
  readonly kind: 'shell';
  readonly line: number;
  readonly commands: readonly ShellCommand[];
  readonly expected: string | null;
}

export interface ShellCommand {
  readonly text: string;
  /** 0, or what a comment such as `# exit 3` says. */
  readonly exitCode: number;
}

export type PageStep = ProgramStep | ShellStep;

export function stepsOf({ path, blocks }: Pick<DocPage, 'path' | 'blocks'>): readonly PageStep[] {
  const steps: PageStep[] = [];
  let speaksOf: string | null = null;
  for (const { language, text, line } of blocks) {
    const last = steps.at(-1);
    if (language === 'text' && speaksOf !== null && last !== undefined) {
      steps[steps.length - 1] = { ...last, expected: `${last.expected ?? ''}${text}\n` };
    }
    speaksOf = language === 'ts' || language === 'sh' ? language : null;
    if (language === 'sh') steps.push({ kind: 'shell', line, commands: commandsOf(text), expected: null });
    if (language !== 'ts') continue;
    if (/^import /m.test(text))
      steps.push({ kind: 'program', line, file: fileOf(text, line), text: `${text}\n`, expected: null });
    else if (last?.kind === 'program') steps[steps.length - 1] = { ...last, text: `${last.text}\n${text}\n` };
    else throw new Error(`${path}:${line} a ts block without an import has to follow one with`);
  }
  return steps;
}

function fileOf(text: string, line: number): string {
  return /^\/\/ ([\w-]+\.ts)$/m.exec(text.split('\n')[0] ?? '')?.[1] ?? `line-${line}.ts`;
}

function commandsOf(text: string): readonly ShellCommand[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ text: line, exitCode: Number(/# exit (\d+)$/.exec(line)?.[1] ?? 0) }));
}
