/** Decides what is wrong with a run of the program that did not do its work, from its last line, its exit and its error output. */
import { isJsonObject, type JsonObject, type StructuredError } from '../../../base/index.ts';
import type { HeldText, ProgramEnd } from '../../../host/index.ts';
import { providerFailure, sessionError } from '../../../sessions/index.ts';
import { listAt, numberAt, objectsAt, textAt } from './claude-line.ts';
import { codeOfStatus } from './claude-status.ts';
import type { ClaudeStream } from './claude-stream.ts';

const shownLines = 8;

/** `null` when the run came to a good end. */
export function claudeFailure(
  stream: ClaudeStream,
  end: ProgramEnd,
  stderr: HeldText,
): StructuredError | null {
  const { result } = stream;
  if (result !== null && result['is_error'] !== true && textAt(result, 'subtype') === 'success') {
    return end.exitCode === 0 ? null : failed(stream, end, stderr, 'transport_exit', null);
  }
  if (result !== null) return failed(stream, end, stderr, kindOf(result), result);
  return failed(stream, end, stderr, end.exitCode === 0 ? 'protocol_error' : 'transport_exit', null);
}

/** The program's own word for how it ended. */
function kindOf(result: JsonObject): string {
  const reason = textAt(result, 'terminal_reason');
  if (reason !== null && reason !== 'completed') return reason;
  return textAt(result, 'subtype') ?? 'unknown';
}

function failed(
  stream: ClaudeStream,
  end: ProgramEnd,
  stderr: HeldText,
  kind: string,
  result: JsonObject | null,
): StructuredError {
  const said = result === null ? null : messageOf(result);
  const message = said ?? (stderr.text.trim() === '' ? withoutWords(end) : null);
  const status = result === null ? null : numberAt(result, 'api_error_status');
  const code = status === null ? 'provider_error' : codeOfStatus(status);
  const failure = providerFailure({
    provider: 'claude',
    kind,
    message,
    exitCode: end.exitCode,
    stderr: stderr.text,
    isTruncated: stderr.isCut,
  });
  const denials = result === null ? [] : objectsAt(result, 'permission_denials');
  const details: JsonObject = {
    ...(stream.sessionId === null ? {} : { provider_session_id: stream.sessionId }),
    ...(end.signal === null ? {} : { signal: end.signal }),
    ...(status === null ? {} : { status }),
    ...(denials.length === 0 ? {} : { permission_denials: denials }),
    ...(stream.firstUnreadable === null ? {} : { unreadable_line: stream.firstUnreadable }),
  };
  const summary = failure['message'];
  return sessionError(code, typeof summary === 'string' ? summary : undefined, {
    details,
    providerError: failure,
    ...(said === null && stderr.text.trim() !== '' ? { whatFailed: wordsOf(stderr) } : {}),
  });
}

/** What it wrote when it could not begin is mostly how to help it, a few lines long. */
function wordsOf({ text }: HeldText): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const first = lines.slice(0, shownLines).map((line) => line.trim().slice(0, 200));
  return `Claude Code ended without a result, and wrote: ${first.join(' | ')}${lines.length > shownLines ? ' …' : ''}`;
}

function messageOf(result: JsonObject): string | null {
  const errors = listAt(result, 'errors').flatMap((error) =>
    typeof error === 'string'
      ? [error]
      : isJsonObject(error)
        ? [textAt(error, 'message') ?? JSON.stringify(error)]
        : [],
  );
  if (errors.length > 0) return errors.join('\n');
  return (
    textAt(result, 'result') ??
    (textAt(result, 'subtype') === 'error_max_turns' ? 'the turns are used up' : null)
  );
}

function withoutWords({ exitCode, signal }: ProgramEnd): string {
  if (signal !== null) return `the program was ended by ${signal}`;
  return `the program ended with exit code ${exitCode ?? 'none'} and without a result`;
}
