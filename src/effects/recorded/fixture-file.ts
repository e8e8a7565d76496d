/** Decides how a recorded answer is written as a file, and what a file must hold to be read as one. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import { malformedRecording, type RecordOrigin } from '../errors.ts';
import { indentedJson } from '../indented-json.ts';
import type { FixtureStore } from './fixture-store.ts';

export interface FixtureFile {
  readonly body: JsonObject;
  /** Names the file in errors. */
  readonly origin: RecordOrigin;
}

export interface FixturePlace {
  readonly store: FixtureStore;
  readonly key: string;
  /** The reason in the log when the file is damaged. */
  readonly reason: 'llm.fixture_malformed' | 'tool.fixture_malformed';
}

/** Sorted keys and a line a field, so that a change reads well in a review. */
export function fixtureText(body: JsonObject): string {
  return `${indentedJson(body)}\n`;
}

/** Reads one; `null` when there is none. A text that is not an object with the `expected` fields is refused by name. */
export async function loadFixture(
  { store, key, reason }: FixturePlace,
  expected: JsonObject,
): Promise<FixtureFile | null> {
  const text = await store.load(key);
  if (text === null) return null;
  const origin: RecordOrigin = { where: `${store.where}/${key}`, reason };
  const body = parsed(text, origin);
  for (const [field, value] of Object.entries(expected)) {
    if (body[field] !== value)
      throw malformedRecording({ ...origin, problem: `'${field}' is not ${JSON.stringify(value)}` });
  }
  return { body, origin };
}

function parsed(text: string, origin: RecordOrigin): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformedRecording({
      ...origin,
      problem: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  if (!isJsonObject(value))
    throw malformedRecording({ ...origin, problem: 'it does not hold a JSON object' });
  return value;
}
