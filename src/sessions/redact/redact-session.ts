/**
 * Decides which parts of a session, of a run and of a finished event can hold a secret: everything that an agent, a provider or a
 * person wrote. Ids, states, numbers and times are left alone.
 */
import type { JsonObject, Redactor } from '../../base/index.ts';
import type { Execution } from '../model/execution.ts';
import type { Session } from '../model/session.ts';
import type { SessionEvent } from '../model/session-event.ts';

/** The session without secrets in metadata, context and tags; the very same one when it holds none. */
export function redactSession(session: Session, redactor: Redactor): Session {
  return changed(session, {
    metadata: redactor.object(session.metadata),
    context: redactor.object(session.context),
    tags: redactTexts(session.tags, redactor),
  });
}

/** The run without secrets in input, output, error, metadata and what its provider said. */
export function redactExecution(run: Execution, redactor: Redactor): Execution {
  return changed(run, {
    input: redactor.json(run.input),
    output: redactOptional(run.output, redactor),
    error: redactOptional(run.error, redactor),
    metadata: redactor.object(run.metadata),
    provider: run.provider === null ? null : redactor.text(run.provider),
    providerMetadata: redactor.object(run.providerMetadata),
  });
}

/** An event that did not come through the pipeline, such as one that a program writes itself. */
export function redactEvent(event: SessionEvent, redactor: Redactor): SessionEvent {
  return changed(event, {
    data: redactor.object(event.data),
    metadata: redactor.object(event.metadata),
    provider: event.provider === null ? null : redactor.text(event.provider),
    correlationId: event.correlationId === null ? null : redactor.text(event.correlationId),
  });
}

function redactOptional(value: JsonObject | null, redactor: Redactor): JsonObject | null {
  return value === null ? null : redactor.object(value);
}

function redactTexts(texts: readonly string[], redactor: Redactor): readonly string[] {
  const left = texts.map((text) => redactor.text(text));
  return left.some((text, index) => text !== texts[index]) ? left : texts;
}

function changed<Whole extends object>(whole: Whole, parts: Partial<Whole>): Whole {
  const isSame = Object.entries(parts).every(([key, part]) => Reflect.get(whole, key) === part);
  return isSame ? whole : Object.freeze({ ...whole, ...parts });
}
