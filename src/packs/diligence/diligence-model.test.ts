/** Proves that the bundled model answers by behavior and company id, at fixed prices, and owns up to what it does not know. */
import { expect, test } from 'vitest';
import { type JsonObject } from '../../base/index.ts';
import {
  buildPrompt,
  type ModelMessage,
  type ModelRequest,
  type ModelResponse,
} from '../../effects/index.ts';
import { companies } from './companies.ts';
import { diligenceModel } from './diligence-model.ts';

interface Shown {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

const all: readonly Shown[] = companies.map(({ name }, index) => ({
  id: `company#${index + 1}`,
  type: 'company',
  data: { name },
}));

function ask(
  behavior: string,
  trigger: Shown,
  shown: readonly Shown[],
  further: readonly ModelMessage[] = [],
): Promise<ModelResponse> {
  const { system, user } = buildPrompt({
    behavior: `diligence.${behavior}`,
    description: '',
    frame: null,
    outputForm: null,
    creates: [],
    view: { depth: 3, around: null, objects: shown, relations: [], recentEvents: null },
    event: {
      type: 'object.created',
      actor: 'a',
      id: 'evt_001',
      payload: { id: trigger.id, object: { ...trigger } },
    },
  });
  const messages = [{ role: 'user' as const, content: user }, ...further];
  const tools = ['fetch_company_docs', 'summarize_document'].map((name) => ({
    name: `diligence.${name}`,
    description: '',
    inputSchema: {},
  }));
  const request: ModelRequest = {
    model: 'm',
    system,
    messages,
    maxTokens: 1,
    temperature: 0,
    topP: 1,
    outputForm: null,
    tools,
  };
  return diligenceModel().complete(request, {
    signal: new AbortController().signal,
    timeoutMs: 1,
    idempotencyKey: 'k',
  });
}

function risk(companyId: string): Shown {
  return { id: 'risk#90', type: 'risk', data: { title: 't', company_id: companyId } };
}

const question: Shown = {
  id: 'question#5',
  type: 'question',
  data: {
    company_id: 'company#3',
    text: 'Is the Polaris warehouse system on schedule and within its budget?',
  },
};

test.each([
  ['company#1', 'Northwind Robotics is growing'],
  ['company#2', 'Pinecone Bio has'],
  ['company#3', 'Stellar Logistics is buying'],
])('of three companies in one prompt the one of the trigger is meant (%s)', async (companyId, beginning) => {
  const { rawText } = await ask('memo_synthesizer', risk(companyId), [...all, risk(companyId)]);
  expect(rawText).toContain(`"summary":"${beginning}`);
});

test('the memo on Stellar depends on whether the prompt shows a contradiction', async () => {
  const contradiction = { id: 'contradiction#91', type: 'contradiction', data: {} };
  const { rawText } = await ask('memo_synthesizer', risk('company#3'), [...all, contradiction]);
  expect(rawText).toContain('cannot be valued until its volume is established');
});

test('a researcher lists the documents first', async () => {
  const answer = await ask('document_researcher', question, all);
  expect(answer).toMatchObject({
    toolCalls: [
      {
        id: 'call_1',
        name: 'diligence.fetch_company_docs',
        args: { company_name: 'Stellar Logistics', max_results: 3 },
      },
    ],
    inputTokens: 100,
    outputTokens: 15,
    costUsd: '0.0008',
    latencySeconds: 0.3,
  });
});

test('a researcher has the fitting document summarized next', async () => {
  const answer = await ask('document_researcher', question, all, [{ role: 'tool', content: '{}' }]);
  expect(answer).toMatchObject({
    toolCalls: [
      {
        id: 'call_2',
        name: 'diligence.summarize_document',
        args: { url: 'https://news.example/freight-and-larder/stlg-trade-news-feature', max_words: 80 },
      },
    ],
    inputTokens: 120,
    outputTokens: 20,
    costUsd: '0.0009',
    latencySeconds: 0.3,
  });
});

test('a researcher reports in the third turn', async () => {
  const tools: readonly ModelMessage[] = [
    { role: 'tool', content: '{}' },
    { role: 'tool', content: '{}' },
  ];
  const answer = await ask('document_researcher', question, all, tools);
  expect(answer).toMatchObject({
    toolCalls: null,
    inputTokens: 110,
    outputTokens: 22,
    costUsd: '0.0010',
    latencySeconds: 0.4,
  });
  expect(JSON.parse(answer.rawText)).toMatchObject({ claims: [{ confidence: 0.84 }, { confidence: 0.81 }] });
});

test.each([
  ['another behavior', 'summarizer', risk('company#1'), all, 'plays the four model behaviors'],
  [
    'a company that the prompt does not show',
    'risk_identifier',
    risk('company#8'),
    all,
    'does not show the company',
  ],
  [
    'a company without a script',
    'question_generator',
    { id: 'company#4', type: 'company', data: { name: 'Acme' } },
    [{ id: 'company#4', type: 'company', data: { name: 'Acme' } }],
    "no script is bundled for the company 'Acme'",
  ],
  [
    'a question without a finding',
    'document_researcher',
    { ...question, data: { company_id: 'company#3', text: 'Why?' } },
    all,
    'no finding is bundled for the question "Why?"',
  ],
] as const)(
  '%s fails as a missing fixture that says what was looked for',
  async (_, behavior, trigger, shown, problem) => {
    const asked = ask(behavior, trigger, shown);
    await expect(asked).rejects.toMatchObject({ context: { reason: 'llm.fixture_missing' } });
    await expect(asked).rejects.toThrow(problem);
    await expect(asked).rejects.toThrow(
      `looked for behavior 'diligence.${behavior}', object '${trigger.id}'`,
    );
  },
);
