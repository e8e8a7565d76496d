/** Decides which answers ship for the three bundled companies, read from their `answers.json` and checked against the answer forms. */
import { z } from 'zod';
import { companies } from './companies.ts';
import { memoBody, questionList, researchFindings, riskList } from './model-answers.ts';
import { texts } from './texts.gen.ts';

const answersSchema = z.object({
  questions: questionList.shape.questions,
  findings: z.array(researchFindings.extend({ question: z.string() })),
  risks: riskList.shape.risks,
  memo: memoBody,
  /** The memo for a run in which the contradiction was not flagged; only where it would read differently. */
  memo_without_contradiction: memoBody.optional(),
});

export type ScriptedAnswers = z.output<typeof answersSchema>;

const byName = new Map(
  companies.map(({ key, name }) => {
    const parsed: unknown = JSON.parse(texts[`companies/${key}/answers.json`] ?? 'null');
    return [name, answersSchema.parse(parsed)] as const;
  }),
);

/** The answers for the company of exactly this name. */
export function scriptedAnswers(companyName: string): ScriptedAnswers | undefined {
  return byName.get(companyName);
}
