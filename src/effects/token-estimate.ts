/** Decides how many tokens a text counts as where nobody can be asked: four characters each, rounded up. */
import { canonicalJson } from '../base/index.ts';
import { type ModelRequest, requestToJson } from './model-port.ts';

/** A guess at the tokens of a text, for budgets before the vendor has counted. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** What a model reads of a request: its texts, and the tools and the form that go along. */
export function estimateRequestTokens(request: ModelRequest): number {
  const { system, messages, tools, output_schema_json: form } = requestToJson(request);
  return estimateTokens(canonicalJson([system ?? null, messages ?? null, tools ?? null, form ?? null]));
}
