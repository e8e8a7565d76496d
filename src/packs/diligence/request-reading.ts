/** Decides what a model can tell from a request alone: which behavior asks, about what, and what of the graph it was shown. */
import { isJsonObject, type JsonObject } from '../../base/index.ts';
import type { ModelRequest } from '../../effects/index.ts';

/** An object as the prompt shows it. */
export interface ShownObject {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

export interface ReadRequest {
  /** Canonical name of the behavior that asks; `null` when the prompt does not say it. */
  readonly behavior: string | null;
  /** The object whose creation is reacted to. */
  readonly trigger: ShownObject | null;
  /** What stands under "Objects", in order. */
  readonly shown: readonly ShownObject[];
}

/** Reads the standard layout of prompts, see `buildPrompt` of the effects room. */
export function readRequest({ system, messages }: ModelRequest): ReadRequest {
  const user = messages[0]?.content ?? '';
  const objects = section(user, '\n### Objects\n', '\n\n### Relations\n') ?? '';
  const event = section(user, '\n## Triggering event\n', '\n\n## Task\n') ?? '';
  return {
    behavior: /^You act as the behavior "([^"]+)"/.exec(system)?.[1] ?? null,
    trigger: triggerOf(event),
    shown: objects.split('\n').flatMap(shownObject),
  };
}

/** Data stands on one line in a prompt, so no text of an object can look like a heading. */
function section(text: string, heading: string, next: string): string | null {
  const start = text.indexOf(heading);
  if (start < 0) return null;
  const end = text.indexOf(next, start + heading.length);
  return text.slice(start + heading.length, end < 0 ? undefined : end);
}

function shownObject(line: string): readonly ShownObject[] {
  const [, id, type, json] = /^- (\S+) \((.+?)\): (\{.*\})$/.exec(line) ?? [];
  const data = json === undefined ? null : parsed(json);
  return id === undefined || type === undefined || data === null ? [] : [{ id, type, data }];
}

function triggerOf(event: string): ShownObject | null {
  const payload = parsed(/\n(`{3,})json\n([\s\S]*)\n\1/.exec(event)?.[2] ?? '');
  const object = payload?.['object'] ?? null;
  if (!isJsonObject(object)) return null;
  const { id, type, data } = object;
  if (typeof id !== 'string' || typeof type !== 'string' || !isJsonObject(data ?? null)) return null;
  return { id, type, data: isJsonObject(data) ? data : {} };
}

function parsed(json: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(json);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
