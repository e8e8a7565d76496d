/** Decides how a policy of retention is read from a file: JSON, or YAML by the end of its name, and nothing in it is guessed. */
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { ConfigurationError, errorClass, isStructuredError, type StructuredError } from '../../base/index.ts';
import { type RetentionPolicy, retentionPolicyFromJson } from '../../sessions/index.ts';

/** A file does not hold a policy of retention; `context.reason` is `missing` when it is not there. */
export const PolicyFileError = errorClass('PolicyFileError', ConfigurationError);

type Reason = 'missing' | 'unreadable' | 'malformed' | 'invalid';

/** Rejects with `PolicyFileError`. */
export async function readPolicyFile(path: string): Promise<RetentionPolicy> {
  const value = valueOf(path, await textOf(path));
  try {
    return retentionPolicyFromJson(value);
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    throw refused(path, 'invalid', error.summary, error);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    return text.replace(/^\uFEFF/, '');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw refused(path, 'missing', 'there is no such file', cause);
    throw refused(
      path,
      'unreadable',
      code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`,
      cause,
    );
  }
}

function valueOf(path: string, text: string): unknown {
  const isYaml = /\.ya?ml$/i.test(path);
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false });
  // Of two values under one name JSON takes the last without a word.
  const error = document.errors.find(({ code }) => isYaml || code === 'DUPLICATE_KEY');
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    const what = error.code === 'DUPLICATE_KEY' ? 'a knob stands there twice' : firstLine(error.message);
    throw refused(path, 'malformed', `line ${line}: ${what}`, error);
  }
  try {
    const value: unknown = isYaml ? document.toJS() : JSON.parse(text);
    return value;
  } catch (cause) {
    const what = cause instanceof Error ? firstLine(cause.message) : String(cause);
    throw refused(path, 'malformed', `it is no ${isYaml ? 'YAML' : 'JSON'}: ${what}`, cause);
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}

function refused(path: string, reason: Reason, problem: string, cause: unknown): StructuredError {
  return new PolicyFileError({
    summary: `policy '${path}' was not taken: ${problem}`,
    whatFailed: `The policy of retention in '${path}' was not taken: ${problem}.`,
    why: 'A policy that is half understood removes what nobody wanted removed.',
    howToFix:
      reason === 'missing'
        ? 'Check the path; it is looked up from the present folder.'
        : 'Write it as {"max_completed_session_age_days": 90, "hard_delete_after_days": 30}, and look with `runlog maintain URL --policy FILE --dry-run`.',
    context: { path, reason, problem },
    cause,
  });
}
