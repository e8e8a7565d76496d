/** Decides which objects a diligence run is made of and what each holds. Objects name each other by id fields; `company_id` is the key. */
import { z } from 'zod';
import { type ObjectType, objectType } from '../../graph/index.ts';

/** What the schema of an object type hands out. */
export type DataOf<Type> = Type extends ObjectType<infer Data> ? Data : never;

export const companyType = objectType({
  name: 'company',
  description: 'A company under examination.',
  schema: z.object({
    name: z.string(),
    ticker: z.string().nullable().default(null),
    sector: z.string().nullable().default(null),
    description: z.string().default(''),
  }),
});

export const documentType = objectType({
  name: 'document',
  description: 'A document about a company that claims were drawn from.',
  schema: z.object({
    title: z.string(),
    url: z.string(),
    company_id: z.string(),
    summary: z.string().default(''),
    published_at: z.string().nullable().default(null),
  }),
});

export const questionType = objectType({
  name: 'question',
  description: 'A thesis question: its answer helps to decide for or against the company.',
  schema: z.object({
    text: z.string(),
    company_id: z.string(),
    company_name: z.string().default(''),
    status: z.enum(['open', 'answered', 'skipped']).default('open'),
  }),
});

export const claimType = objectType({
  name: 'claim',
  description: 'One checkable statement about a company, with how likely it is to be true.',
  schema: z.object({
    text: z.string(),
    confidence: z.number().min(0).max(1),
    company_id: z.string(),
    source_document_id: z.string().nullable().default(null),
    status: z.enum(['open', 'reviewed', 'retracted']).default('open'),
  }),
});

export const evidenceType = objectType({
  name: 'evidence',
  description: 'A passage of a document, quoted as it stands there, that supports a claim.',
  schema: z.object({
    text: z.string(),
    document_id: z.string(),
    claim_id: z.string(),
    location: z.string().default(''),
  }),
});

export const contradictionType = objectType({
  name: 'contradiction',
  description: 'Two claims that cannot both be true and are certain enough to be worth a check.',
  schema: z.object({
    claim_a_id: z.string(),
    claim_b_id: z.string(),
    rationale: z.string().default(''),
    status: z.enum(['open', 'resolved']).default('open'),
  }),
});

export const riskType = objectType({
  name: 'risk',
  description: 'Something that could go wrong for the company, with the claims it rests on.',
  schema: z.object({
    title: z.string(),
    description: z.string(),
    severity: z.enum(['low', 'medium', 'high']).default('medium'),
    company_id: z.string(),
    related_claim_ids: z.array(z.string()).default([]),
  }),
});

export const memoType = objectType({
  name: 'memo',
  description: 'The closing memo on a company. Every id in it names an object of the same company.',
  schema: z.object({
    company_id: z.string(),
    summary: z.string(),
    thesis_questions_addressed: z.array(
      z.object({ question: z.string(), status: z.string(), claim_ids: z.array(z.string()) }),
    ),
    key_claims: z.array(
      z.object({ claim_id: z.string(), text: z.string(), evidence_ids: z.array(z.string()) }),
    ),
    open_contradictions: z.array(z.string()),
    contradictions_note: z.string().default(''),
    risks: z.array(z.string()),
  }),
});

/** Types of objects of the pack. */
export const objectTypes = [
  companyType,
  documentType,
  questionType,
  claimType,
  evidenceType,
  contradictionType,
  riskType,
  memoType,
] as const;
