/** Decides how the notices of an event pipeline are told as telemetry. */
import { sessionErrorCode } from '../errors/session-error.ts';
import type { PipelineNotice } from '../pipeline/notice.ts';
import type { TelemetryOutlet } from './telemetry.ts';

export function tellNotice(outlet: TelemetryOutlet, notice: PipelineNotice): void {
  switch (notice.kind) {
    case 'event_persisted':
    case 'event_spooled': {
      const { sessionId, runId, type, provider, sequenceNumber } = notice.event;
      const place = sequenceNumber === null ? {} : { sequence_number: sequenceNumber };
      outlet.tellNow(
        `persistence.${notice.kind}`,
        { session_id: sessionId, run_id: runId, type, provider },
        place,
      );
      return;
    }
    case 'event_validation_warning': {
      const { sessionId, runId, warnings } = notice;
      outlet.tell(
        'persistence.event_validation_warning',
        { warning_count: warnings.length },
        { session_id: sessionId, run_id: runId, warnings: [...warnings] },
      );
      return;
    }
    case 'event_redacted': {
      const { sessionId, runId, type, categories } = notice;
      outlet.tell(
        'persistence.event_redacted',
        { redaction_count: categories.length },
        { session_id: sessionId, run_id: runId, type, categories: [...new Set(categories)] },
      );
      return;
    }
    case 'event_rejected': {
      const { sessionId, error } = notice;
      const reason = sessionErrorCode(error) ?? 'unknown_error';
      outlet.tellNow('persistence.event_rejected', { session_id: sessionId, reason });
      return;
    }
  }
}
