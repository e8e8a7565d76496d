/**
 * packs/diligence: a pack that examines companies, with everything it needs to run offline: documents, prompts, and a model and
 * tools that answer from bundled scripts. Hands behaviors, types and tools to whoever loads the pack.
 */
export {
  bundledCompany,
  type BundledCompany,
  bundledDocument,
  type BundledDocument,
  companies,
  companyGoal,
} from './companies.ts';
export { diligenceInvoker } from './diligence-invoker.ts';
export { diligenceModel } from './diligence-model.ts';
export { diligence, diligence as pack } from './diligence-pack.ts';
export { DiligenceError } from './errors.ts';
export { type Memo, noContradictionsNote } from './grounded-memo.ts';
export { objectTypes } from './object-types.ts';
export { relationTypes } from './relation-types.ts';
export { type DiligenceSettings, settingsSchema } from './settings.ts';
export { tools } from './tools.ts';
