/** Decides what `behavior.failed` says: what was thrown, why in a code, and a traceback that is the same on every machine. */
import { isStructuredError, type JsonObject } from '../../base/index.ts';
import { failureReason } from '../../effects/index.ts';

/** Longest traceback that is stored, in lines. */
const tracebackLines = 20;

export function failurePayload(
  behavior: string,
  eventId: string,
  relationId: string | null,
  thrown: unknown,
): JsonObject {
  const known = failureReason(thrown);
  const error =
    thrown instanceof Error
      ? thrown
      : new Error(typeof thrown === 'string' ? thrown : 'a value that is no error was thrown');
  const base = {
    behavior,
    event_id: eventId,
    exception_type: error.name,
    message: known?.message ?? (isStructuredError(error) ? error.summary : error.message),
    traceback: known === null ? traceback(error) : '',
    ...(relationId === null ? {} : { relation_id: relationId }),
  };
  if (known === null) return base;
  return { ...known.extras, ...base, reason: known.reason };
}

/**
 * The frames of people's code: file names without folders, no frame of this package or of the platform. So the text does not
 * depend on where the program is installed.
 */
function traceback(error: Error): string {
  const lines: string[] = [];
  for (const line of (error.stack ?? '').split('\n')) {
    const frame = /^\s+at (?:async )?(?:(.+?) \()?(.+?):(\d+):(\d+)\)?$/.exec(line);
    if (frame === null) continue;
    const [, name, file = '', row, column] = frame;
    if (file.startsWith('node:') || isOwnFrame(file, name)) continue;
    const shortFile = file.split(/[\\/]/).at(-1) ?? file;
    lines.push(`at ${name ?? '<anonymous>'} (${shortFile}:${row}:${column})`);
    if (lines.length === tracebackLines) break;
  }
  return lines.join('\n');
}

/** Frames of this package; those of the packs that ship with it count as people's code. */
function isOwnFrame(file: string, name: string | undefined): boolean {
  if (name?.startsWith('Invocation.') === true || name?.startsWith('Changes.') === true) return true;
  return (
    /[\\/](?:src|dist)[\\/](?!.*packs[\\/])/.test(file) && ownFolders.some((folder) => file.includes(folder))
  );
}

const ownFolders = ['/runtime/', '/graph/', '/effects/', '/log/', '/base/', '/app/', '/runlog/dist/'];
