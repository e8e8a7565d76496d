/**
 * Decides which recorded answer belongs to a question that is asked again: the last one in the log with the same hash.
 * Whether it may be used is the runtime's business, and so is parsing it (`responseFromPayload`, `toolOutcomeFromPayload`).
 */
import { isJsonObject, type JsonObject } from '../base/index.ts';
import type { LogEvent } from '../log/index.ts';

/** Answers of the log, by the hash of what was asked. */
export interface RecordedAnswers {
  /** Payload of the last `llm.responded` to a request with this `prompt_hash`; `null` when there is none. */
  model(promptHash: string): JsonObject | null;
  /** Payload of the last `tool.responded` to a call with this `args_hash`, a failed one included. */
  tool(argsHash: string): JsonObject | null;
}

/** Collects the answers of a log, whose events come in order. */
export function answersFromEvents(events: Iterable<LogEvent>): RecordedAnswers {
  const requests = new Map<string, string>();
  const models = new Map<string, JsonObject>();
  const tools = new Map<string, JsonObject>();
  for (const event of events) {
    const hashField = hashFields.get(event.type);
    if (hashField === undefined) continue;
    const ownHash = event.payload[hashField];
    if (isRequest(event.type)) {
      if (typeof ownHash === 'string') requests.set(event.id, ownHash);
      continue;
    }
    // The request says what was asked. The answer repeats it, for readers that see only a part of the log.
    const hash = requests.get(event.causedBy ?? '') ?? ownHash;
    if (typeof hash !== 'string') continue;
    if (event.type === 'tool.responded') tools.set(hash, event.payload);
    else if (!isFailedModelCall(event.payload)) models.set(hash, event.payload);
  }
  return Object.freeze({
    model: (hash: string) => models.get(hash) ?? null,
    tool: (hash: string) => tools.get(hash) ?? null,
  });
}

const hashFields: ReadonlyMap<string, string> = new Map([
  ['llm.requested', 'prompt_hash'],
  ['llm.responded', 'prompt_hash'],
  ['tool.requested', 'args_hash'],
  ['tool.responded', 'args_hash'],
]);

function isRequest(type: string): boolean {
  return type.endsWith('.requested');
}

/** Some logs written elsewhere record a failed attempt in the same event type. A model's failure is not its answer. */
function isFailedModelCall(payload: JsonObject): boolean {
  return isJsonObject(payload['error']) && payload['raw_text'] === undefined;
}
