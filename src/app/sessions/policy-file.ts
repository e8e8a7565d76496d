/** Decides how a policy, of retention or of runs of agents, is read from a file: JSON, or YAML by the end of its name, and nothing in it is guessed. */
import { readFile } from 'node:fs/promises';
import { ConfigurationError, errorClass, isStructuredError, type StructuredError } from '../../base/index.ts';
import {
  type Policy,
  policyFromJson,
  type RetentionPolicy,
  retentionPolicyFromJson,
} from '../../sessions/index.ts';

/** A file does not hold the policy that it is taken for; `context.reason` is `missing` when it is not there. */
export const PolicyFileError = errorClass('PolicyFileError', ConfigurationError);

type Reason = 'missing' | 'unreadable' | 'malformed' | 'invalid';

/** What a policy is about, why one is not guessed, and how one is written. */
interface Kind {
  readonly of: string;
  readonly why: string;
  readonly howToFix: string;
}

const retention: Kind = {
  of: 'retention',
  why: 'A policy that is half understood removes what nobody wanted removed.',
  howToFix:
    'Write it as {"max_completed_session_age_days": 90, "hard_delete_after_days": 30}, and look with `runlog maintain URL --policy FILE --dry-run`.',
};

const ofRuns: Kind = {
  of: 'runs of agents',
  why: 'A policy that is half understood lets an agent do what nobody wanted done.',
  howToFix:
    'Write it as {"limits": [{"max_tool_calls": 20}], "tool_rules": [{"deny": ["Bash"]}], "on_violation": "request_approval"}; the limits are max_total_tokens, max_duration_ms, max_tool_calls and max_cost_usd.',
};

/** Reads a policy of retention. Rejects with `PolicyFileError`. */
export async function readPolicyFile(path: string): Promise<RetentionPolicy> {
  return readAs(retention, path, retentionPolicyFromJson);
}

/** Reads a policy of runs of agents. Rejects with `PolicyFileError`, also for a knob that is not known. */
export async function readRunPolicyFile(path: string): Promise<Policy> {
  return readAs(ofRuns, path, policyFromJson);
}

async function readAs<Read>(kind: Kind, path: string, read: (value: unknown) => Read): Promise<Read> {
  const value = await valueOf(kind, path, await textOf(kind, path));
  try {
    return read(value);
  } catch (error) {
    if (error instanceof PolicyFileError || !isStructuredError(error)) throw error;
    throw refused(kind, path, 'invalid', error.summary, error);
  }
}

async function textOf(kind: Kind, path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    return text.replace(/^\uFEFF/, '');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw refused(kind, path, 'missing', 'there is no such file', cause);
    throw refused(
      kind,
      path,
      'unreadable',
      code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`,
      cause,
    );
  }
}

async function valueOf(kind: Kind, path: string, text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  const isYaml = /\.ya?ml$/i.test(path);
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false });
  // Of two values under one name JSON takes the last without a word.
  const error = document.errors.find(({ code }) => isYaml || code === 'DUPLICATE_KEY');
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    const what = error.code === 'DUPLICATE_KEY' ? 'a knob stands there twice' : firstLine(error.message);
    throw refused(kind, path, 'malformed', `line ${line}: ${what}`, error);
  }
  try {
    const value: unknown = isYaml ? document.toJS() : JSON.parse(text);
    return value;
  } catch (cause) {
    const what = cause instanceof Error ? firstLine(cause.message) : String(cause);
    throw refused(kind, path, 'malformed', `it is no ${isYaml ? 'YAML' : 'JSON'}: ${what}`, cause);
  }
}

function firstLine(message: string): string {
  if (message.includes('call stack')) return 'it is nested too deeply';
  return message.split('\n')[0] ?? '';
}

function refused(
  { of, why, howToFix }: Kind,
  path: string,
  reason: Reason,
  problem: string,
  cause: unknown,
): StructuredError {
  return new PolicyFileError({
    summary: `policy '${path}' was not taken: ${problem}`,
    whatFailed: `The policy of ${of} in '${path}' was not taken: ${problem}.`,
    why,
    howToFix: reason === 'missing' ? 'Check the path; it is looked up from the present folder.' : howToFix,
    context: { path, reason, problem },
    cause,
  });
}
