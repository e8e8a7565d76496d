/** Decides which questions a company is examined by: those of the model, each once, not fewer and not more than the settings say. */
import { llmBehavior } from '../../../runtime/index.ts';
import { tooFewQuestions } from '../errors.ts';
import { type QuestionList, questionList } from '../model-answers.ts';
import { companyType, questionType } from '../object-types.ts';
import { recorded } from '../company-records.ts';
import type { DiligenceSettings } from '../settings.ts';

export const questionGenerator = llmBehavior<'object.created', QuestionList, DiligenceSettings>({
  name: 'question_generator',
  on: 'object.created',
  where: { 'object.type': 'company' },
  view: { around: 'event.payload.object.id', depth: 1 },
  model: ({ llm_model: model }) => model,
  output: questionList,
  outputName: 'QuestionList',
  creates: ['question'],
  deterministic: true,
  run: ({ event, graph, ctx, output }) => {
    const { min_questions: demanded, max_questions: most } = ctx.settings;
    const company = recorded(companyType, event.payload.object);
    const questions = [...new Set(output.questions)];
    if (questions.length < demanded) {
      throw tooFewQuestions({ company: company.data.name, found: questions.length, demanded });
    }
    for (const text of questions.slice(0, most)) {
      const question = graph.addObject(questionType, {
        text,
        company_id: company.id,
        company_name: company.data.name,
        status: 'open',
      });
      graph.addRelation(question.id, company.id, 'references');
    }
  },
});
