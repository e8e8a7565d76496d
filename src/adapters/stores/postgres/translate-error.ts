/**
 * Decides what an error of PostgreSQL, of its driver or of the network means to the rest of the house. The driver's own error
 * stays in `cause`; the texts name commands that work as typed.
 */
import { isStructuredError } from '../../../base/index.ts';
import {
  damagedStore,
  newStoreAdvice,
  storeNotFound,
  storeUnavailable,
  type UnavailableReason,
} from '../../../log/index.ts';
import { lackingPrivilege } from './lacking-privilege.ts';

type Meaning = UnavailableReason | 'damaged' | 'missing' | 'layout';

/** By SQLSTATE, or by its class of two: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const meanings: Readonly<Record<string, Meaning>> = {
  '08': 'unreachable',
  '25006': 'read-only',
  '28': 'denied',
  '3D': 'missing',
  '3F': 'missing',
  '40': 'busy',
  '42501': 'denied',
  '42703': 'layout',
  '42704': 'missing',
  '42883': 'missing',
  '42P01': 'missing',
  '53100': 'full',
  '53300': 'busy',
  '54': 'io',
  '55P03': 'busy',
  '57014': 'busy',
  '57P': 'unreachable',
  XX001: 'damaged',
  XX002: 'damaged',
};

/** Our own errors pass; everything that comes from outside becomes an error of the port. */
export function translateError(cause: unknown, location: string): Error {
  if (isStructuredError(cause)) return cause;
  const message = messageOf(cause);
  const meaning = meaningOf(cause);
  if (meaning === 'missing') {
    return storeNotFound({
      location,
      whatFailed: `PostgreSQL said: ${message}.`,
      howToFix: `Check the name of the database (\`psql -l\` lists them) and of the schema. ${newStoreAdvice} The database has to be there: \`createdb NAME\` makes one.`,
      context: missingIn(message),
      cause,
    });
  }
  if (meaning === 'layout') {
    return damagedStore({
      location,
      whatFailed: `Something was taken out of the tables of the store. PostgreSQL said: ${message}.`,
      howToFix: 'Leave the schema as it is, and restore a backup beside it: `pg_restore --schema NAME`.',
      context: missingIn(message),
      cause,
    });
  }
  if (meaning === 'damaged') {
    return damagedStore({
      location,
      whatFailed: `PostgreSQL found its files damaged: ${message}.`,
      howToFix:
        'Leave the database as it is, and restore a backup beside it. `pg_amcheck` says what is wrong.',
      cause,
    });
  }
  const whatFailed = `${stateOf(cause) === null ? 'The driver said' : 'PostgreSQL said'}: ${message}.`;
  const howToFix =
    meaning === 'denied' ? lackingPrivilege(stateOf(cause), message, detailOf(cause)) : remedies[meaning];
  return storeUnavailable({ location, reason: meaning, whatFailed, howToFix, cause });
}

/** What the layout of the store lacks, by its name. */
function missingIn(message: string): Readonly<Record<string, string>> {
  const [, kind, name] =
    /^(relation|column) "?(?:\w+"?\."?)?(\w+)"? (?:of relation .+ )?does not exist/.exec(message) ?? [];
  if (kind === undefined || name === undefined) return {};
  return { [kind === 'relation' ? 'missing_table' : 'missing_column']: name };
}

const remedies: Readonly<Record<Exclude<UnavailableReason, 'denied'>, string>> = {
  busy: "`psql -c 'SELECT pid, state, query FROM pg_stat_activity'` shows who is at work; repeat the call when the server has room.",
  full: 'Free some space on the disk of the server and repeat the call.',
  'read-only': 'The server takes no writes: a standby, or a database set to read only. Name the primary one.',
  io: 'The log of the server says more. Repeat the call when the cause is gone.',
  unreachable:
    '`pg_isready -h HOST -p PORT` says whether the server answers. Check the URL, and repeat the call when it does.',
};

/** True when the connection is gone, and with it the answer to what was asked. */
export function isConnectionLoss(cause: unknown): boolean {
  return !isStructuredError(cause) && meaningOf(cause) === 'unreachable';
}

/** True for what PostgreSQL undid because of somebody else, and would do the next time. */
export function isUndone(cause: unknown): boolean {
  const state = stateOf(cause);
  return state === '40001' || state === '40P01';
}

/** True when a commit met a row that is there already. */
export function isDuplicate(cause: unknown): boolean {
  return stateOf(cause) === '23505';
}

function meaningOf(cause: unknown): Meaning {
  const state = stateOf(cause);
  if (state !== null) {
    return meanings[state] ?? meanings[state.slice(0, 3)] ?? meanings[state.slice(0, 2)] ?? 'io';
  }
  const message = messageOf(cause);
  if (message.includes('timeout exceeded when trying to connect')) return 'busy';
  if (message.startsWith('SASL') || message.includes('password')) return 'denied';
  return isOfNetwork(cause) || /connection|queryable|terminated|socket/i.test(message) ? 'unreachable' : 'io';
}

/** What PostgreSQL calls an error; null for one that did not come from a server. */
function stateOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null) return null;
  const code: unknown = Reflect.get(cause, 'code');
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : null;
}

/** What the server adds to its message; empty when nothing. */
function detailOf(cause: unknown): string {
  const detail: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'detail') : '';
  return typeof detail === 'string' ? detail : '';
}

/** Errors of sockets and of the look-up of names have codes such as ECONNREFUSED. */
function isOfNetwork(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && /^E[A-Z_]+$/.test(String(cause.code));
}

/** A connection tried at several addresses fails with a list of errors and no message of its own. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message.replace(/\.$/, '');
  return cause instanceof AggregateError ? cause.errors.map(messageOf).join('; ') : cause.name;
}
