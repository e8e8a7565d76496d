/** Decides what form the four model answers of the pack have. Models refer to claims by their exact text; ids are the handlers' business. */
import { z } from 'zod';

/** Answer of `question_generator`. */
export const questionList = z.object({ questions: z.array(z.string().trim().min(1)).min(1) });
export type QuestionList = z.output<typeof questionList>;

const finding = z.object({
  text: z.string().trim().min(1),
  confidence: z.number().min(0).max(1),
  source_document_url: z.string(),
  /** Copied from the document; empty when there is no passage. */
  evidence_quote: z.string(),
  contradicts_claim_text: z.string().nullable(),
});

/** Answer of `document_researcher`. */
export const researchFindings = z.object({
  document_url: z.string(),
  summary: z.string(),
  claims: z.array(finding),
});
export type ResearchFindings = z.output<typeof researchFindings>;
export type Finding = z.output<typeof finding>;

/** Answer of `risk_identifier`. */
export const riskList = z.object({
  risks: z.array(
    z.object({
      title: z.string().trim().min(1),
      description: z.string(),
      severity: z.enum(['low', 'medium', 'high']),
      related_claim_texts: z.array(z.string()),
    }),
  ),
});
export type RiskList = z.output<typeof riskList>;

/** Answer of `memo_synthesizer`. */
export const memoBody = z.object({
  summary: z.string().trim().min(1),
  questions: z.array(
    z.object({
      question: z.string(),
      status: z.enum(['open', 'answered', 'skipped']),
      claim_texts: z.array(z.string()),
    }),
  ),
  key_claim_texts: z.array(z.string()),
  contradictions_note: z.string(),
});
export type MemoBody = z.output<typeof memoBody>;
