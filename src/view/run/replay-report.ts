/** Decides how a rebuilt run and a verified one are told of, the first difference field by field. */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import type { Divergence, VerifyReport } from '../../runtime/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cut, line } from '../text/printable.ts';

/** What is shown of a run that was projected. */
export interface ProjectedReport {
  readonly runId: string;
  readonly events: number;
  readonly objects: number;
  readonly relations: number;
  readonly effectiveSettings: Readonly<Record<string, JsonObject>>;
  readonly headHash: string;
}

/** What `--json` prints of a projected run. */
export function projectedToJson(report: ProjectedReport): JsonObject {
  return {
    run_id: report.runId,
    events: report.events,
    objects: report.objects,
    relations: report.relations,
    effective_settings: report.effectiveSettings,
    head_hash: report.headHash,
  };
}

/** The lines that a person reads of a projected run. */
export function projectedText(report: ProjectedReport): readonly string[] {
  const settings = Object.entries(report.effectiveSettings);
  return [
    line`run_id:    ${report.runId}`,
    `events:    ${report.events}`,
    `objects:   ${report.objects}`,
    `relations: ${report.relations}`,
    `head hash: ${report.headHash}`,
    ...(settings.length === 0 ? [] : ['effective_settings:']),
    ...settings.flatMap(([pack, values]) => [
      line`  ${pack}:`,
      ...Object.entries(values).map(([key, value]) => line`    ${key}: ${JSON.stringify(value)}`),
    ]),
  ];
}

/** What `--json` prints of a verified replay. */
export function verifyToJson(report: VerifyReport): JsonObject {
  const { divergence } = report;
  return {
    run_id: report.runId,
    events: report.events,
    verified: report.verified,
    invocations: report.invocations,
    calls: report.calls,
    divergence: divergence === null ? null : divergenceToJson(divergence),
  };
}

/** The lines that a person reads of a verified replay. */
export function verifyText(
  report: VerifyReport,
  options: { readonly paint?: Paint; readonly columns?: number } = {},
): readonly string[] {
  const { paint = plainPaint, columns = 160 } = options;
  const { runId, events, verified, invocations, calls, divergence } = report;
  const head = [
    line`run_id:      ${runId}`,
    `events:      ${verified} of ${events} found again`,
    `invocations: ${invocations}`,
    `calls:       ${calls}, answered from the record`,
  ];
  if (divergence === null) return [...head, paint('good', 'verified: the behaviors make this run')];
  return [...head, paint('bad', 'diverged'), ...divergenceText(divergence, columns)];
}

/** The seven things that one wants to know, in the order in which one asks. */
function divergenceText(divergence: Divergence, columns: number): readonly string[] {
  const { kind, seq, eventId, eventType, behavior, field, expected, actual } = divergence;
  const value = (json: JsonValue): string => cut(clean(JSON.stringify(json)), columns - 11);
  return [
    line`  kind:     ${kind}`,
    line`  event:    ${eventId} (place ${String(seq)})  ${eventType}`,
    line`  behavior: ${behavior ?? '(none)'}`,
    line`  field:    ${field}`,
    `  expected: ${value(expected)}`,
    `  actual:   ${actual === null && kind === 'length_mismatch' ? '(nothing: the repetition ends here)' : value(actual)}`,
    '  caused by:',
    ...divergence.causeChain.map((link) => line`    ${link.eventId}  ${link.type}  by ${link.actor ?? '?'}`),
    '  probably changed:',
    ...divergence.probablyChanged.map((text) => line`    - ${text}`),
  ];
}

function divergenceToJson(divergence: Divergence): JsonObject {
  const { kind, seq, eventId, eventType, field, expected, actual, behavior, causeChain } = divergence;
  return {
    kind,
    seq,
    event_id: eventId,
    event_type: eventType,
    field,
    expected,
    actual,
    behavior,
    cause_chain: causeChain.map((link) => ({ event_id: link.eventId, type: link.type, actor: link.actor })),
    probably_changed: [...divergence.probablyChanged],
  };
}
