/** Decides what can be set on the Diligence pack, and what holds when nothing is set. Every setting is read by a behavior or a policy. */
import { z } from 'zod';

/** A misspelled setting is refused: it would otherwise look set and change nothing. */
export const settingsSchema = z.strictObject({
  /** Model of the four behaviors that ask one; `null` for the default of whatever provider the run has. */
  llm_model: z.string().min(1).nullable().default(null),
  /** How many documents of a company claims may be drawn from. */
  max_documents_per_company: z.int().min(1).default(5),
  /** How many claims are recorded from one document. */
  max_claims_per_document: z.int().min(1).default(20),
  /** A contradiction is flagged when the less certain of its two claims is at least this certain. */
  confidence_threshold_for_review: z.number().min(0).max(1).default(0.7),
  /** A claim counts as reviewed when evidence supports it and it is at least this certain. */
  support_threshold: z.number().min(0).max(1).default(0.8),
  /** Fewer questions than this from the model fail `question_generator`. */
  min_questions: z.int().min(1).default(8),
  /** Questions beyond this are not worked on. */
  max_questions: z.int().min(1).default(15),
  /** False puts memos up for approval (policy `memo_approval`). */
  auto_approve_memos: z.boolean().default(true),
  /** False puts risks up for approval (policy `risk_approval`). */
  auto_approve_risks: z.boolean().default(true),
});

/** Settings with every default filled in, as behaviors get them. */
export type DiligenceSettings = z.output<typeof settingsSchema>;
