/** Decides when the risks of a company are named, once and in one batch, and that each rests on claims of that company. */
import { type GraphReader, type GraphWriter } from '../../../graph/index.ts';
import { llmBehavior } from '../../../runtime/index.ts';
import { claimsByText, recorded, resolveClaims } from '../company-records.ts';
import { type RiskList, riskList } from '../model-answers.ts';
import { claimType, type DataOf, riskType } from '../object-types.ts';
import { reportUnresolved } from '../reports.ts';
import type { DiligenceSettings } from '../settings.ts';

export const riskIdentifier = llmBehavior<'object.created', RiskList, DiligenceSettings>({
  name: 'risk_identifier',
  on: 'object.created',
  where: { 'object.type': 'claim' },
  when: ({ event, graph }) => opensBatch(graph, event.payload.object.id),
  view: { around: 'event.payload.object.data.company_id', depth: 3 },
  model: ({ llm_model: model }) => model,
  output: riskList,
  outputName: 'RiskList',
  creates: ['risk'],
  deterministic: true,
  run: ({ event, graph, ctx, output }) => {
    const { company_id: companyId } = recorded(claimType, event.payload.object).data;
    for (const risk of groundedRisks(graph, companyId, output)) {
      if (ctx.settings.auto_approve_risks) addRisk(graph, risk);
      else ctx.proposeObject(riskType.name, risk, `risk_approval policy: ${risk.title}`);
    }
  },
});

type Risk = DataOf<typeof riskType>;

/**
 * The first claim that answers a question of its company opens the batch, so there is one batch even while its risks wait
 * for approval and stand in no graph. The queue is first in, first out and all questions of a company enter it together:
 * when that claim's turn comes, every one of them has been worked on, those that failed included.
 */
function opensBatch(graph: GraphReader, claimId: string): boolean {
  const companyId = graph.object(claimId)?.data['company_id'];
  if (typeof companyId !== 'string') return false;
  if (graph.objects(riskType.name, { company_id: companyId }).length > 0) return false;
  const first = graph
    .objects(claimType.name, { company_id: companyId })
    .find(({ id }) => graph.relations({ source: id, type: 'addresses' }).length > 0);
  return first?.id === claimId;
}

/** The risks that rest on at least one claim of the company, each title once. What cannot be resolved is reported. */
function groundedRisks(graph: GraphWriter, companyId: string, { risks }: RiskList): readonly Risk[] {
  const claims = claimsByText(graph, companyId);
  const grounded = new Map<string, Risk>();
  for (const { title, description, severity, related_claim_texts: claimTexts } of risks) {
    const { found, unresolved } = resolveClaims(claims, claimTexts);
    for (const text of unresolved) {
      reportUnresolved(graph, {
        companyId,
        field: 'related_claim_texts',
        text,
        usedIn: title,
        reason: 'no claim of this company has this text',
      });
    }
    if (found.length === 0) {
      reportUnresolved(graph, {
        companyId,
        field: 'risks',
        text: title,
        usedIn: 'risks of the company',
        reason: 'the risk rests on no claim of this company and was left out',
      });
    } else if (!grounded.has(title)) {
      const related = found.map(({ id }) => id);
      grounded.set(title, {
        title,
        description,
        severity,
        company_id: companyId,
        related_claim_ids: related,
      });
    }
  }
  return [...grounded.values()];
}

function addRisk(graph: GraphWriter, risk: Risk): void {
  const object = graph.addObject(riskType, risk, { evidence: risk.related_claim_ids });
  graph.addRelation(object.id, risk.company_id, 'references');
}
