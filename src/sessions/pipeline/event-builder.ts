/**
 * Decides how a raw event becomes an event that can be stored: read, freed of secrets, put into its run, looked over. It keeps no
 * memory; what a secret in two pieces of a stream needs is the business of the delta stage.
 */
import type { JsonObject, Redactor, Sha256 } from '../../base/index.ts';
import type { Mint } from '../model/mint.ts';
import type { SessionEvent } from '../model/session-event.ts';
import { shapeWarnings } from './event-validator.ts';
import { type StreamedText, streamedTextOf, withText } from './streamed-text.ts';
import { type EventContext, type RawEvent, readRawEvent } from './raw-event.ts';

/** Mint, hash and redactor of an event builder. */
export interface EventBuilderOptions {
  readonly mint: Mint;
  readonly sha256: Sha256;
  /** Takes secrets out; `null` stores what comes as it comes. */
  readonly redactor: Redactor | null;
}

/** An event of an agent after intake: checked, redacted, with what was found odd about it. */
export interface BuiltEvent {
  /** Where there is a `delta`, the fields that hold its text are empty here. */
  readonly event: SessionEvent;
  /** A piece of a streamed message, with its secrets: only with its neighbours can they be told. */
  readonly delta: StreamedText | null;
  /** The id of the agent: the same raw event handed in again is the same event. */
  readonly hasOwnId: boolean;
  /** The agent said when it happened. */
  readonly hasOwnTime: boolean;
  readonly warnings: readonly string[];
  /** Category of each secret that was taken out. */
  readonly secrets: readonly string[];
}

/** Longest id that a log takes. */
const idCharacters = 256;
const none: readonly string[] = [];

/** Turns what an agent tells into an event: checks, redacts, gives it an id. It stores nothing. */
export class EventBuilder {
  readonly #options: EventBuilderOptions;

  constructor(options: EventBuilderOptions) {
    this.#options = options;
  }

  /** Throws what `readRawEvent` throws. Nothing is remembered of an event that is refused. */
  build(raw: unknown, context: EventContext): BuiltEvent {
    const read = readRawEvent(raw, context);
    const found: string[] = [];
    const delta = read.type === 'message_streamed' ? streamedTextOf(read.data) : null;
    const whole = delta === null ? read : { ...read, data: withText(read.data, delta.fields, '') };
    const { data, metadata, provider, correlationId } = this.#redacted(whole, context, found);
    const shape = shapeWarnings(read.type, data);
    const warnings = read.warnings.length === 0 ? shape : [...read.warnings, ...shape];
    const event: SessionEvent = Object.freeze({
      id: read.id === null ? this.#options.mint.id('evt') : this.#idOf(read.id, context),
      type: read.type,
      timestamp: read.timestamp ?? this.#options.mint.now(),
      sessionId: context.sessionId,
      runId: context.runId,
      sequenceNumber: null,
      data,
      metadata: warnings.length === 0 ? metadata : { ...metadata, _validation_warnings: warnings },
      schemaVersion: 1,
      provider,
      correlationId,
    });
    const { id, timestamp } = read;
    return {
      event,
      delta,
      hasOwnId: id !== null,
      hasOwnTime: timestamp !== null,
      warnings,
      secrets: found.length === 0 ? none : found,
    };
  }

  #redacted(
    read: RawEvent,
    context: EventContext,
    found: string[],
  ): Pick<SessionEvent, 'data' | 'metadata' | 'provider' | 'correlationId'> {
    const { redactor } = this.#options;
    const provider = context.provider ?? read.provider;
    const correlationId = context.correlationId ?? read.correlationId;
    let data = withOriginalType(read);
    if (redactor === null) return { data, metadata: read.metadata, provider, correlationId };
    const hear = (category: string): void => void found.push(category);
    const soFar = read.type === 'message_streamed' ? data['content'] : undefined;
    // The text so far may end in the beginning of a secret, which the next event will hold as a whole.
    if (typeof soFar === 'string' && soFar !== '')
      data = withText(data, ['content'], redactor.stream(hear).push(soFar));
    return {
      data: redactor.object(data, hear),
      metadata: redactor.object(read.metadata, hear),
      provider: provider === null ? null : redactor.text(provider, hear),
      correlationId: correlationId === null ? null : redactor.text(correlationId, hear),
    };
  }

  /** An id that no log takes, or that is a secret itself, is stood in for by its hash: told apart, and always the same. */
  #idOf(id: string, { sessionId }: EventContext): string {
    const { redactor, sha256 } = this.#options;
    const isUsable = id.length <= idCharacters && id.isWellFormed() && !id.includes('\u0000');
    if (isUsable && (redactor === null || redactor.text(id) === id)) return id;
    return `evt_${sha256(JSON.stringify([sessionId, id])).slice(0, 32)}`;
  }
}

function withOriginalType({ data, originalType }: RawEvent): JsonObject {
  return originalType === null ? data : { ...data, original_type: originalType };
}
