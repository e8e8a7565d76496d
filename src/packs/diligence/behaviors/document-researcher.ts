/** Decides how a question is worked on: the model reads documents through two tools, and its findings become claims with evidence. */
import { llmBehavior } from '../../../runtime/index.ts';
import { type ResearchFindings, researchFindings } from '../model-answers.ts';
import { questionType } from '../object-types.ts';
import { recorded } from '../company-records.ts';
import { FindingsRecorder } from '../record-findings.ts';
import type { DiligenceSettings } from '../settings.ts';

export const documentResearcher = llmBehavior<'object.created', ResearchFindings, DiligenceSettings>({
  name: 'document_researcher',
  on: 'object.created',
  where: { 'object.type': 'question', 'object.data.status': 'open' },
  // The question, its company, the other questions of the company, and the claims that answer them so far.
  view: {
    around: 'event.payload.object.id',
    depth: 3,
    includeTypes: ['question', 'company', 'claim'],
  },
  tools: ['fetch_company_docs', 'summarize_document'],
  model: ({ llm_model: model }) => model,
  output: researchFindings,
  outputName: 'ResearchFindings',
  creates: ['document', 'claim', 'evidence'],
  deterministic: true,
  run: ({ event, graph, ctx, output }) => {
    const question = recorded(questionType, event.payload.object);
    const recorder = new FindingsRecorder(graph, question, ctx.settings);
    const answered = output.claims.filter((finding) => recorder.record(finding, output.document_url));
    graph.patchObject(question.id, { status: answered.length > 0 ? 'answered' : 'skipped' });
  },
});
