/** Decides how the plan of a fork reads: what would be asked, by whom, for how much, and how sure that is. */
import { formatUsd, type JsonObject, type Usd } from '../../base/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { line } from '../text/printable.ts';

/** A call that a fork would make live, with an estimate of tokens and dollars. */
export interface PlannedCall {
  readonly kind: 'model' | 'tool';
  readonly name: string;
  readonly behavior: string;
  readonly eventId: string;
  readonly estimatedInputTokens: number | null;
  readonly estimatedOutputTokens: number | null;
  readonly estimatedCostUsd: Usd | null;
  readonly basis:
    | { readonly kind: 'provider' | 'declared' | 'none' }
    | { readonly kind: 'recorded'; readonly eventId: string };
}

/** What a fork would ask again and what it would cost. */
export interface PlannedFork {
  readonly parent: string;
  readonly atEvent: string;
  readonly sharedEvents: number;
  readonly servedFromRecord: number;
  readonly live: readonly PlannedCall[];
  readonly diverging: readonly { readonly behavior: string; readonly eventId: string }[];
  readonly stoppedAfterEvents: number | null;
  readonly estimatedCostUsd: Usd;
  readonly isComplete: boolean;
}

/** What `--json` prints of a fork plan. */
export function forkPlanToJson(plan: PlannedFork): JsonObject {
  return {
    parent_run_id: plan.parent,
    at_event: plan.atEvent,
    shared_events: plan.sharedEvents,
    served_from_record: plan.servedFromRecord,
    live: plan.live.map((call) => ({
      kind: call.kind,
      name: call.name,
      behavior: call.behavior,
      event_id: call.eventId,
      estimated_input_tokens: call.estimatedInputTokens,
      estimated_output_tokens: call.estimatedOutputTokens,
      estimated_cost_usd: call.estimatedCostUsd,
      basis: call.basis.kind,
      basis_event_id: call.basis.kind === 'recorded' ? call.basis.eventId : null,
    })),
    diverging: plan.diverging.map(({ behavior, eventId }) => ({ behavior, event_id: eventId })),
    stopped_after_events: plan.stoppedAfterEvents,
    estimated_cost_usd: plan.estimatedCostUsd,
    is_complete: plan.isComplete,
  };
}

/** The lines that a person reads of a fork plan. */
export function forkPlanText(plan: PlannedFork, options: { readonly paint?: Paint } = {}): readonly string[] {
  const { paint = plainPaint } = options;
  const { live, diverging, stoppedAfterEvents } = plan;
  const unknown = live.filter(({ estimatedCostUsd: cost }) => cost === null).length;
  const rest = unknown === 0 ? '' : `, and ${unknown} whose cost is not known`;
  return [
    paint('strong', line`fork of ${plan.parent} at ${plan.atEvent}: nothing is made, nobody is asked`),
    `  shared with the parent:  ${plan.sharedEvents} events, at no cost`,
    `  served from the record:  ${plan.servedFromRecord} calls`,
    live.length === 0
      ? '  live calls:              none'
      : `  live calls:              at least ${live.length}, about ${formatUsd(plan.estimatedCostUsd)}${rest}`,
    ...live.map(
      (call) => line`    ${call.behavior} on ${call.eventId}: ${call.kind} ${call.name}  ${priceOf(call)}`,
    ),
    ...diverging.map(
      ({ behavior, eventId }) =>
        line`  fails with replay.diverged: ${behavior} on ${eventId} asks something else than before; --record asks anew`,
    ),
    ...(stoppedAfterEvents === null
      ? []
      : [`  Not planned to its end: stopped after ${stoppedAfterEvents} events behind the fork point.`]),
    ...(live.length === 0 ? [] : ['  What comes of these answers is not known, so the fork may ask more.']),
  ];
}

function priceOf(call: PlannedCall): string {
  const { estimatedCostUsd: cost, estimatedInputTokens: input, estimatedOutputTokens: output, basis } = call;
  const tokens = input === null || output === null ? '' : `~${input}+${output} tokens, `;
  if (cost === null) return `${tokens}cost not known`;
  const why = {
    provider: 'price of the provider',
    declared: 'declared by the tool',
    recorded: basis.kind === 'recorded' ? `as in ${basis.eventId}` : '',
    none: '',
  }[basis.kind];
  return `${tokens}${formatUsd(cost)} (${why})`;
}
