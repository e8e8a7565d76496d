/** Decides how the objects of a diligence run hang together, so that what belongs to a company is found from it in three steps. */
import { relationType } from '../../graph/index.ts';

/** Types of relations of the pack. */
export const relationTypes = [
  relationType({
    name: 'addresses',
    sourceTypes: ['claim'],
    targetTypes: ['question'],
    description: 'The claim bears on the question.',
  }),
  relationType({
    name: 'supports',
    sourceTypes: ['evidence'],
    targetTypes: ['claim'],
    description: 'The passage backs the claim.',
  }),
  relationType({
    name: 'contradicts',
    sourceTypes: ['claim'],
    targetTypes: ['claim'],
    description: 'Both claims cannot be true.',
  }),
  relationType({
    name: 'references',
    sourceTypes: ['claim', 'memo', 'question', 'risk', 'contradiction'],
    targetTypes: ['document', 'company', 'claim'],
    description:
      'The source is about the target: a question or risk about its company, a contradiction about its claims.',
  }),
  relationType({
    name: 'derived_from',
    sourceTypes: ['claim', 'evidence'],
    targetTypes: ['document'],
    description: 'The source was drawn from the document.',
  }),
  relationType({
    name: 'mitigates',
    sourceTypes: ['evidence', 'claim'],
    targetTypes: ['risk'],
    description: 'The source makes the risk smaller.',
  }),
];
