/**
 * Decides how one change is written down: as a draft event, seen at once through an overlay, under the name of whoever makes
 * it. What changes are possible is decided by those who record here.
 */
import { isJsonArray, type JsonObject, type JsonValue } from '../base/index.ts';
import { intake } from '../log/index.ts';
import { type Counters, type Draft, draft } from './draft.ts';
import type { GraphObject } from './elements.ts';
import { objectNotFound } from './errors.ts';
import type { Overlay } from './overlay.ts';
import { project } from './project.ts';
import type { AddOptions, WriterContext } from './writer.ts';

export class ChangeRecorder {
  readonly drafts: Draft[] = [];
  readonly counters: Counters;
  readonly overlay: Overlay;
  readonly context: WriterContext;

  constructor(overlay: Overlay, counters: Counters, context: WriterContext) {
    this.overlay = overlay;
    this.counters = { ...counters };
    this.context = context;
  }

  record(type: string, payload: unknown, subject: string | null, actor = this.context.actor): void {
    this.context.checkOpen();
    const made = draft({ type, payload, actor, causedBy: this.context.causedBy, subject });
    project(this.overlay, made.type, made.payload);
    this.drafts.push(made);
  }

  provenance(options: AddOptions): JsonObject {
    return {
      created_by: this.context.actor,
      caused_by_event: this.context.causedBy,
      frame_id: this.context.frameId,
      timestamp: this.context.timestamp,
      evidence: evidenceOf(options),
      ...this.context.origin(),
    };
  }

  /** The object that a change is about. Throws `ObjectNotFoundError`. */
  /** Takes what callers without types may pass for an id. */
  target(named: unknown, operation: string): GraphObject {
    const id = typeof named === 'string' ? named : '';
    // Both spellings are in old code: `task#1` and `object:task#1`.
    const plain = id.startsWith('object:') ? id.slice('object:'.length) : id;
    const object = this.overlay.object(id) ?? this.overlay.object(plain);
    if (object === undefined) throw objectNotFound({ id, operation });
    return object;
  }
}

const noEvidence: readonly JsonValue[] = Object.freeze([]);

/** Frozen data, whatever the caller does with the list afterwards. */
export function evidenceOf({ evidence }: AddOptions): readonly JsonValue[] {
  const taken = evidence === undefined ? noEvidence : intake(evidence).value;
  return isJsonArray(taken) ? taken : noEvidence;
}
