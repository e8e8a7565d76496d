/** Decides what the bundled model answers: the script of the company that the request is about, by the behavior that asks. */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import {
  llmError,
  type ModelRequest,
  type ScriptedAnswer,
  type ScriptedModel,
  scriptedModel,
} from '../../effects/index.ts';
import { readRequest, type ReadRequest } from './request-reading.ts';
import { scriptedAnswers, type ScriptedAnswers } from './scripted-answers.ts';

/**
 * A model provider that answers from the bundled scripts: no network, no key, the same answers every time. What it has no
 * answer for fails as `llm.fixture_missing` and says what was looked for.
 */
export function diligenceModel(): ScriptedModel {
  return scriptedModel({
    defaultModel: 'diligence-script',
    estimateCost: () => '0.0010',
    respond: (request) => answer(request),
  });
}

function answer(request: ModelRequest): ScriptedAnswer {
  const read = readRequest(request);
  const script = scriptOf(read);
  switch (read.behavior) {
    case 'diligence.question_generator':
      return final({ questions: script.questions });
    case 'diligence.document_researcher':
      return research(request, read, script);
    case 'diligence.risk_identifier':
      return final({ risks: script.risks });
    case 'diligence.memo_synthesizer': {
      const isFlagged = read.shown.some(({ type }) => type === 'contradiction');
      return final(isFlagged ? script.memo : (script.memo_without_contradiction ?? script.memo));
    }
    default:
      throw missing(read, 'the bundled model plays the four model behaviors of the Diligence pack only');
  }
}

/** The company that the trigger is or belongs to, found among the objects of the prompt by its id. */
function scriptOf(read: ReadRequest): ScriptedAnswers {
  const company = companyOf(read);
  if (company === null) throw missing(read, 'the prompt does not show the company of the triggering object');
  const script = scriptedAnswers(company);
  if (script === undefined) throw missing(read, `no script is bundled for the company '${company}'`);
  return script;
}

function companyOf({ trigger, shown }: ReadRequest): string | null {
  const companyId = trigger?.type === 'company' ? trigger.id : trigger?.data['company_id'];
  const company = shown.find(({ id, type }) => id === companyId && type === 'company');
  const name = company?.data['name'];
  return typeof name === 'string' ? name : null;
}

/** Three turns: list the documents, summarize the one that answers the question, report the findings. */
function research(request: ModelRequest, read: ReadRequest, script: ScriptedAnswers): ScriptedAnswer {
  const text = read.trigger?.data['text'];
  const found = script.findings.find(({ question }) => question === text);
  if (found === undefined)
    throw missing(read, `no finding is bundled for the question ${JSON.stringify(text ?? null)}`);
  const { question: _question, ...findings } = found;
  const company = companyOf(read);
  const turn = request.messages.filter(({ role }) => role === 'tool').length;
  if (turn === 0) {
    const args = { company_name: company, max_results: 3 };
    return toolTurn(request, 'fetch_company_docs', args, {
      id: 'call_1',
      tokens: [100, 15],
      costUsd: '0.0008',
    });
  }
  if (turn === 1) {
    const args = { url: findings.document_url, max_words: 80 };
    return toolTurn(request, 'summarize_document', args, {
      id: 'call_2',
      tokens: [120, 20],
      costUsd: '0.0009',
    });
  }
  return final(findings);
}

interface TurnPrice {
  /** Id of the call: the same whenever the turn is played, in whatever process. */
  readonly id: string;
  readonly tokens: readonly [input: number, output: number];
  readonly costUsd: string;
}

function toolTurn(request: ModelRequest, tool: string, args: JsonObject, price: TurnPrice): ScriptedAnswer {
  const offered = request.tools.find(({ name }) => name === tool || name.endsWith(`.${tool}`));
  const [inputTokens, outputTokens] = price.tokens;
  return {
    toolCalls: [{ id: price.id, name: offered?.name ?? tool, args }],
    inputTokens,
    outputTokens,
    costUsd: price.costUsd,
    latencySeconds: 0.3,
  };
}

function final(json: JsonValue): ScriptedAnswer {
  return { json, inputTokens: 110, outputTokens: 22, costUsd: '0.0010', latencySeconds: 0.4 };
}

function missing(read: ReadRequest, problem: string): Error {
  const behavior = read.behavior ?? '(not named)';
  const object = read.trigger?.id ?? '(none)';
  const company = companyOf(read);
  return llmError(
    'llm.fixture_missing',
    `${problem}; looked for behavior '${behavior}', object '${object}', company '${company ?? '(none)'}'`,
    { asked_by: behavior, object_id: object, company },
  );
}
