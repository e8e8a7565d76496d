/** Decides how behaviors of the Diligence pack fail: with a reason code in `behavior.failed`, and what to do about it. */
import { errorClass, ExecutionError, type JsonObject, type StructuredError } from '../../base/index.ts';

/** Thrown by a behavior of this pack whose model answer cannot be used. */
export const DiligenceError = errorClass('DiligenceError', ExecutionError);

type DiligenceReason = 'diligence.too_few_questions' | 'diligence.memo_ungrounded';

export function tooFewQuestions(data: { company: string; found: number; demanded: number }): StructuredError {
  const { company, found, demanded } = data;
  return diligenceError('diligence.too_few_questions', {
    message: `the model gave ${found} different questions on ${company}, and min_questions demands ${demanded}`,
    why: 'A thesis that is tested by too few questions looks sound because nobody looked.',
    howToFix: 'Lower the setting min_questions, or ask a model that answers the prompt in full.',
    extras: { company, questions_found: found, min_questions: demanded },
  });
}

export function memoUngrounded(data: { company: string; texts: readonly string[] }): StructuredError {
  return diligenceError('diligence.memo_ungrounded', {
    message: `none of the ${data.texts.length} key claims of the memo on ${data.company} is a claim of that company with evidence`,
    why: 'A memo is only worth what can be followed back to a document.',
    howToFix:
      'Read key_claim_texts of the event beside the claims of the company: they have to be equal letter by letter.',
    extras: { company: data.company, key_claim_texts: [...data.texts] },
  });
}

function diligenceError(
  reason: DiligenceReason,
  data: { message: string; why: string; howToFix: string; extras: JsonObject },
): StructuredError {
  return new DiligenceError({
    summary: `${reason}: ${data.message}`,
    whatFailed: `${data.message.charAt(0).toUpperCase()}${data.message.slice(1)}.`,
    why: data.why,
    howToFix: data.howToFix,
    context: { reason, message: data.message, payload_extras: data.extras },
  });
}
