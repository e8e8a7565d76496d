/** Decides how the oldest session files are read: one `key=value` a line, where the first `=` splits. */
import type { Values } from './values.ts';

/** `null` when no line says anything. */
export function parseKeyValue(text: string): Values | null {
  const pairs = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#') && line.includes('='))
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}
