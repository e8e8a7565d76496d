/** Decides what a memo may say: the model writes the prose and picks by text, everything it points at comes from the graph. */
import type { GraphReader } from '../../graph/index.ts';
import {
  claimsByText,
  companyName,
  openContradictions,
  type RecordedClaim,
  recordsOf,
  resolveClaims,
} from './company-records.ts';
import { memoUngrounded } from './errors.ts';
import type { MemoBody } from './model-answers.ts';
import { type DataOf, type memoType, questionType, riskType } from './object-types.ts';
import type { UnresolvedText } from './reports.ts';

/** The data of a memo object. */
export type Memo = DataOf<typeof memoType>;

/** What a memo says about contradictions when the graph has none for its company. */
export const noContradictionsNote = 'no contradictions found';

/** Throws `diligence.memo_ungrounded` when no key claim is a claim of the company with evidence. */
export function groundedMemo(
  graph: GraphReader,
  companyId: string,
  body: MemoBody,
): { readonly memo: Memo; readonly unresolved: readonly UnresolvedText[] } {
  const claims = claimsByText(graph, companyId);
  const unresolved: UnresolvedText[] = [];
  const report = (field: string, text: string, usedIn: string, reason: string): void => {
    unresolved.push({ companyId, field, text, usedIn, reason });
  };
  const keyClaims = keyClaimsOf(graph, claims, body, report);
  if (keyClaims.length === 0) {
    throw memoUngrounded({ company: companyName(graph, companyId), texts: body.key_claim_texts });
  }
  const contradictions = openContradictions(graph, companyId);
  const memo: Memo = {
    company_id: companyId,
    summary: body.summary,
    thesis_questions_addressed: questionsOf(graph, companyId, claims, body, report),
    key_claims: keyClaims,
    open_contradictions: contradictions.map(({ id }) => id),
    contradictions_note: noteOf(
      contradictions.map(({ data }) => data.rationale),
      body.contradictions_note,
    ),
    risks: recordsOf(graph, riskType, companyId).map(({ id }) => id),
  };
  return { memo, unresolved };
}

type Report = (field: string, text: string, usedIn: string, reason: string) => void;
type Claims = ReadonlyMap<string, RecordedClaim>;

/** A key claim without evidence is left out: the reader could not check it. */
function keyClaimsOf(graph: GraphReader, claims: Claims, body: MemoBody, report: Report): Memo['key_claims'] {
  const { found, unresolved } = resolveClaims(claims, body.key_claim_texts);
  for (const text of unresolved) {
    report('key_claim_texts', text, 'key claims', 'no claim of this company has this text');
  }
  const keyClaims: Memo['key_claims'] = [];
  for (const { id, data } of found) {
    const evidence = graph.relations({ target: id, type: 'supports' }).map(({ source }) => source);
    if (evidence.length === 0) report('key_claim_texts', data.text, 'key claims', 'no evidence supports it');
    else keyClaims.push({ claim_id: id, text: data.text, evidence_ids: evidence });
  }
  return keyClaims;
}

/** Every question of the company, in its order. One that no claim answers is never called answered. */
function questionsOf(
  graph: GraphReader,
  companyId: string,
  claims: Claims,
  body: MemoBody,
  report: Report,
): Memo['thesis_questions_addressed'] {
  const named = new Map(body.questions.map((entry) => [entry.question.trim(), entry]));
  const addressed = recordsOf(graph, questionType, companyId).map(({ data: { text, status } }) => {
    const entry = named.get(text.trim());
    named.delete(text.trim());
    const { found, unresolved } = resolveClaims(claims, entry?.claim_texts ?? []);
    for (const claimText of unresolved) {
      report('questions.claim_texts', claimText, text, 'no claim of this company has this text');
    }
    const given = entry?.status ?? status;
    const isUnfounded = found.length === 0 && given === 'answered';
    const fallback = status === 'answered' ? 'open' : status;
    return { question: text, status: isUnfounded ? fallback : given, claim_ids: found.map(({ id }) => id) };
  });
  for (const { question } of named.values()) {
    report('questions.question', question, 'thesis questions', 'this company has no question of this text');
  }
  return addressed;
}

/** The graph says whether there are contradictions; the model says what follows from them. */
function noteOf(rationales: readonly string[], written: string): string {
  if (rationales.length === 0) return noContradictionsNote;
  const denies = written.trim() === '' || written.trim().toLowerCase() === noContradictionsNote;
  return denies ? rationales.join(' ') : written;
}
