/** Decides what `behavior.failed` says: what was thrown, why in a code, and a traceback that is the same on every machine. */
import { isStructuredError, type JsonObject } from '../../base/index.ts';
import { failureReason } from '../../effects/index.ts';
import { intake, intakePayload } from '../../log/index.ts';
import { traceback } from './traceback.ts';

export interface FailedInvocation {
  readonly behavior: string;
  readonly eventId: string;
  readonly relationId: string | null;
}

/** Longest message that is stored, in characters. */
const messageLimit = 64 * 1024;
/** Extras that are longer than this in all are left out, and the event says so. */
const extrasLimit = 1024 * 1024;

/** Total: whatever was thrown, and however little of it can be read. */
export function failurePayload(failed: FailedInvocation, thrown: unknown): JsonObject {
  const known = knownReason(thrown);
  const described = describe(thrown);
  const base = {
    behavior: failed.behavior,
    event_id: failed.eventId,
    exception_type: described.type,
    message: shortened(known?.message ?? described.message),
    traceback: known === null ? described.traceback : '',
    ...(failed.relationId === null ? {} : { relation_id: failed.relationId }),
  };
  if (known === null) return base;
  return { ...storable(known.extras), ...base, reason: known.reason };
}

/** Even asking what was thrown may throw, when it is a proxy. */
function knownReason(thrown: unknown): ReturnType<typeof failureReason> {
  try {
    return failureReason(thrown);
  } catch {
    return null;
  }
}

interface Described {
  readonly type: string;
  readonly message: string;
  readonly traceback: string;
}

/** People's errors may have getters that throw, and names that are no texts. */
function describe(thrown: unknown): Described {
  try {
    if (typeof thrown === 'string') return { type: 'Error', message: thrown, traceback: '' };
    if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) {
      return {
        type: 'Error',
        message: `a value that is no error was thrown: ${written(thrown)}`,
        traceback: '',
      };
    }
    const name: unknown = Reflect.get(thrown, 'name');
    const text = isStructuredError(thrown) ? thrown.summary : thrown.message;
    return {
      type: typeof name === 'string' && name !== '' ? name : 'Error',
      message: typeof text === 'string' ? text : written(text),
      traceback: traceback(Reflect.get(thrown, 'stack')),
    };
  } catch {
    return { type: 'Error', message: 'an error that cannot be read was thrown', traceback: '' };
  }
}

/** A value as text, by its JSON where it has one. */
function written(value: unknown): string {
  try {
    return intake(value).text;
  } catch {
    return typeof value;
  }
}

function shortened(text: string): string {
  return text.length <= messageLimit ? text : `${text.slice(0, messageLimit)} … (${text.length} characters)`;
}

function storable(extras: JsonObject): JsonObject {
  try {
    const { value, text } = intakePayload(extras);
    return text.length <= extrasLimit ? value : { extras_left_out: `${text.length} characters` };
  } catch {
    return { extras_left_out: 'not JSON' };
  }
}
