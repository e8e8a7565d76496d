/** Decides how a result is printed. The one way to a terminal: whatever goes through here can no longer steer it. */
import { jsonText, type JsonValue, shellWord } from '../base/index.ts';
import { withoutCredentials } from '../log/index.ts';
import { clean, cleanJson, cleanPainted } from '../view/index.ts';
import type { CliContext } from './cli-context.ts';
import { programName } from './program-name.ts';

type Printing = Pick<CliContext, 'terminal'>;

export async function printLines({ terminal }: Printing, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await terminal.out(`${cleanPainted(lines.join('\n'))}\n`);
}

export async function printJson({ terminal }: Printing, value: JsonValue): Promise<void> {
  await terminal.out(`${cleanJson(jsonText(value, 2))}\n`);
}

/** One of many values, each in a line of its own. */
export async function printJsonLine({ terminal }: Printing, value: JsonValue): Promise<void> {
  await terminal.out(`${cleanJson(jsonText(value))}\n`);
}

/** Text that is made by us and goes out as it is, in pieces. */
export async function printText({ terminal }: Printing, text: string): Promise<void> {
  await terminal.out(cleanPainted(text));
}

/** Says beside the output which run was taken, when nobody named one. */
export async function noteRun({ terminal }: Printing, runId: string): Promise<void> {
  await terminal.err(`run_id: ${clean(runId)}  (the run created last)\n`);
}

/** Says something beside the output, where it disturbs nobody who reads it. */
export async function printNote({ terminal }: Printing, note: string): Promise<void> {
  await terminal.err(`${clean(note)}\n`);
}

/** Tells a person at a terminal where more is to be seen; a program is told nothing. */
export async function pointTo(
  { terminal, paint }: Pick<CliContext, 'terminal' | 'paint'>,
  command: string,
  what: string,
): Promise<void> {
  if (!terminal.isTty) return;
  await terminal.out(`${paint('dim', clean(`${what}: ${programName(terminal.env)} ${command}`))}\n`);
}

/** A store URL as it may be typed again. */
export function storeWord(url: string): string {
  return shellWord(withoutCredentials(url));
}

export async function printErrorLines({ terminal }: Printing, lines: readonly string[]): Promise<void> {
  await terminal.err(`${cleanPainted(lines.join('\n'))}\n`);
}

export async function printErrorJson({ terminal }: Printing, value: JsonValue): Promise<void> {
  await terminal.err(`${cleanJson(jsonText(value, 2))}\n`);
}
