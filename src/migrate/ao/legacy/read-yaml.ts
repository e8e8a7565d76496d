/** Decides what a YAML file says, or in one line why it says nothing. */
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

/** At the first file: a reader of YAML is three dozen modules, and every command that reads none would load them. */
const load: (name: 'yaml') => typeof Yaml = createRequire(import.meta.url);

export type YamlValue =
  | { readonly state: 'value'; readonly value: unknown }
  | { readonly state: 'malformed'; readonly problem: string };

export function readYaml(text: string): YamlValue {
  const { LineCounter, parseDocument } = load('yaml');
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter, logLevel: 'silent', prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      return { state: 'malformed', problem: `line ${line}, column ${col}: ${firstLine(error.message)}` };
    }
    const value: unknown = document.toJS();
    return { state: 'value', value };
  } catch (error) {
    // Aliases without end, or brackets deeper than the stack.
    return { state: 'malformed', problem: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/[.:]$/, '');
}
