/** Decides when the memo of a company is written: once, at its first risk. What it may say is decided by `groundedMemo`. */
import { llmBehavior } from '../../../runtime/index.ts';
import { companyName, recorded } from '../company-records.ts';
import { groundedMemo } from '../grounded-memo.ts';
import { type MemoBody, memoBody } from '../model-answers.ts';
import { memoType, riskType } from '../object-types.ts';
import { reportUnresolved } from '../reports.ts';
import type { DiligenceSettings } from '../settings.ts';

export const memoSynthesizer = llmBehavior<'object.created', MemoBody, DiligenceSettings>({
  name: 'memo_synthesizer',
  on: 'object.created',
  where: { 'object.type': 'risk' },
  // The first risk alone: so there is one memo for any number of risks, also while a memo waits for approval.
  when: ({ event, graph }) => {
    const { id, data } = event.payload.object;
    const ofCompany = { company_id: data['company_id'] ?? null };
    if (graph.objects(memoType.name, ofCompany).length > 0) return false;
    return graph.objects(riskType.name, ofCompany)[0]?.id === id;
  },
  view: { around: 'event.payload.object.data.company_id', depth: 3 },
  model: ({ llm_model: model }) => model,
  output: memoBody,
  outputName: 'MemoBody',
  creates: ['memo'],
  deterministic: true,
  run: ({ event, graph, ctx, output }) => {
    const { company_id: companyId } = recorded(riskType, event.payload.object).data;
    const { memo, unresolved } = groundedMemo(graph, companyId, output);
    for (const text of unresolved) reportUnresolved(graph, text);
    if (ctx.settings.auto_approve_memos) {
      graph.addObject(memoType, memo, { evidence: memo.key_claims.flatMap((key) => key.evidence_ids) });
    } else {
      ctx.proposeObject(memoType.name, memo, `memo_approval policy: ${companyName(graph, companyId)}`);
    }
  },
});
