/** Decides how the pack says that it left something out: as an event of the run, because a dropped finding must never look like none. */
import type { GraphWriter } from '../../graph/index.ts';

/** A model named a claim or question that the company does not have. */
export interface UnresolvedText {
  readonly companyId: string;
  /** The field of the model's answer. */
  readonly field: string;
  readonly text: string;
  /** What the text was to be used for, such as the title of a risk. */
  readonly usedIn: string;
  readonly reason: string;
}

/** A claim of the model that was not recorded. */
export interface DroppedClaim {
  readonly companyId: string;
  readonly questionId: string;
  readonly text: string;
  readonly reason: string;
}

/** Writes `diligence.text_unresolved`. */
export function reportUnresolved(graph: GraphWriter, unresolved: UnresolvedText): void {
  const { companyId, field, text, usedIn, reason } = unresolved;
  graph.emit('diligence.text_unresolved', { company_id: companyId, field, text, used_in: usedIn, reason });
}

/** Writes `diligence.claim_dropped`. */
export function reportDropped(graph: GraphWriter, dropped: DroppedClaim): void {
  const { companyId, questionId, text, reason } = dropped;
  graph.emit('diligence.claim_dropped', { company_id: companyId, question_id: questionId, text, reason });
}
