/**
 * Decides how the failure of a provider is written down beside an error: who failed, in which way, with which exit code, and as much
 * of what it wrote to its error output as a reader can use.
 */
import type { JsonObject } from '../../base/index.ts';

/** The kinds that are told apart; a provider's own word is kept as it is. */
export type ProviderFailureKind =
  | 'transport_exit'
  | 'process_error'
  | 'parse_error'
  | 'protocol_error'
  | 'cli_not_found'
  | 'timeout'
  | 'unknown'
  | (string & {});

/** How a provider failed, and what its program wrote. */
export interface ProviderFailureData {
  readonly provider: string;
  readonly kind: ProviderFailureKind;
  /** The first line of `stderr`, or a plain sentence, when it is left out or empty. */
  readonly message?: string | null;
  readonly exitCode?: number | null;
  readonly stderr?: string | null;
  /** True when `stderr` was cut before it came here. */
  readonly isTruncated?: boolean;
}

/** Most of the error output that is kept: lines first, then bytes of UTF-8. */
export const errorTextLimits = { lines: 200, bytes: 16_384 } as const;

/** `{ provider, kind, message, exit_code, stderr, truncated? }`, bounded. */
export function providerFailure(data: ProviderFailureData): JsonObject {
  const { provider, kind, exitCode = null } = data;
  const cut = shortened(data.stderr ?? '');
  const firstLine = cut.text.split('\n', 1)[0]?.trim() ?? '';
  const given = shortened(data.message ?? '');
  const message = given.text !== '' ? given.text : firstLine === '' ? 'Provider execution failed' : firstLine;
  const isTruncated = data.isTruncated === true || cut.isTruncated || given.isTruncated;
  return {
    provider,
    kind,
    message,
    exit_code: exitCode,
    stderr: cut.text === '' ? null : cut.text,
    ...(isTruncated ? { truncated: true } : {}),
  };
}

function shortened(text: string): { readonly text: string; readonly isTruncated: boolean } {
  const lines = text.split('\n', errorTextLimits.lines + 1);
  const few = lines.length > errorTextLimits.lines ? lines.slice(0, -1).join('\n') : text;
  let bytes = 0;
  let end = 0;
  for (const character of few) {
    bytes += utf8Length(character);
    if (bytes > errorTextLimits.bytes) break;
    end += character.length;
  }
  return { text: few.slice(0, end), isTruncated: end < text.length };
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
