/** Decides what the Diligence pack consists of, and in which order its behaviors react to an event. */
import { pack, type Pack } from '../index.ts';
import { companyPlanner } from './behaviors/company-planner.ts';
import { contradictionDetector } from './behaviors/contradiction-detector.ts';
import { documentResearcher } from './behaviors/document-researcher.ts';
import { evidenceLinker } from './behaviors/evidence-linker.ts';
import { memoSynthesizer } from './behaviors/memo-synthesizer.ts';
import { questionGenerator } from './behaviors/question-generator.ts';
import { riskIdentifier } from './behaviors/risk-identifier.ts';
import { objectTypes } from './object-types.ts';
import { prompts } from './prompts.ts';
import { relationTypes } from './relation-types.ts';
import { settingsSchema } from './settings.ts';
import { tools } from './tools.ts';

/**
 * From a goal `Diligence: <company>` to a memo on it: questions, research in documents, claims with evidence, contradictions,
 * risks. Load it with `packs: [diligence]`, or with `packs: [{ pack: diligence, settings }]`.
 */
export const diligence: Pack = pack({
  name: 'diligence',
  version: '0.1.0',
  description:
    'Due diligence on a company: from thesis questions to a memo whose every claim leads back to a document.',
  objectTypes,
  relationTypes,
  behaviors: [
    companyPlanner,
    questionGenerator,
    documentResearcher,
    evidenceLinker,
    contradictionDetector,
    riskIdentifier,
    memoSynthesizer,
  ],
  tools,
  policies: [
    { name: 'memo_approval', requiresApproval: ['memo'], unlessSetting: 'auto_approve_memos' },
    { name: 'risk_approval', requiresApproval: ['risk'], unlessSetting: 'auto_approve_risks' },
  ],
  prompts,
  settings: settingsSchema,
});
