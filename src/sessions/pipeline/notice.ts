/** Decides what a pipeline tells of beside its work. */
import type { SessionEventType } from '../model/event-types.ts';
import type { SessionEvent } from '../model/session-event.ts';

/** What a pipeline does beside its work, for those who count. */
export type PipelineNotice =
  | { readonly kind: 'event_persisted'; readonly event: SessionEvent }
  | { readonly kind: 'event_spooled'; readonly event: SessionEvent }
  | {
      readonly kind: 'event_validation_warning';
      readonly sessionId: string;
      readonly runId: string | null;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'event_redacted';
      readonly sessionId: string;
      readonly runId: string | null;
      readonly type: SessionEventType;
      readonly categories: readonly string[];
    }
  | { readonly kind: 'event_rejected'; readonly sessionId: string; readonly error: unknown };
