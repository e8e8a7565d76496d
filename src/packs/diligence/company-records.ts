/** Decides how behaviors read what a run knows of one company: by `company_id` alone, in order of creation, with typed data. */
import { validate } from '../../base/index.ts';
import {
  type GraphObject,
  type GraphReader,
  type ObjectType,
  PackSchemaViolation,
} from '../../graph/index.ts';
import { claimType, companyType, contradictionType, type DataOf } from './object-types.ts';

/** An object of the graph with its data as the declared type has it. */
export interface Recorded<Data> {
  readonly id: string;
  readonly data: Data;
}

export type RecordedClaim = Recorded<DataOf<typeof claimType>>;

/** Objects of a type that carry the company's id. */
export function recordsOf<Data>(
  graph: GraphReader,
  type: ObjectType<Data>,
  companyId: string,
): readonly Recorded<Data>[] {
  return graph.objects(type.name, { company_id: companyId }).map((object) => recorded(type, object));
}

/** Reads the data of an object. Throws `PackSchemaViolation` for an object that was stored before its type was declared. */
export function recorded<Data>(
  type: ObjectType<Data>,
  object: Pick<GraphObject, 'id' | 'data'>,
): Recorded<Data> {
  const checked = validate(type.schema, object.data);
  if (checked.ok) return { id: object.id, data: checked.value };
  const problem = checked.issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new PackSchemaViolation({
    summary: `object '${object.id}' does not fit its type: ${problem}`,
    whatFailed: `A behavior of the Diligence pack read '${object.id}' as a ${type.name}: ${problem}.`,
    why: 'A claim or a memo built on data of another form could not be checked by anybody.',
    howToFix: 'Remove the object, or patch its data so that it fits the declared type.',
    context: { object_type: type.name, object_id: object.id, validation_error: problem },
  });
}

/** The claims of a company by their exact text, which is how models name them. The first of equal texts stands for all. */
export function claimsByText(graph: GraphReader, companyId: string): Map<string, RecordedClaim> {
  const claims = new Map<string, RecordedClaim>();
  for (const claim of recordsOf(graph, claimType, companyId)) {
    if (!claims.has(claim.data.text)) claims.set(claim.data.text, claim);
  }
  return claims;
}

/** Open contradictions between claims of a company. */
export function openContradictions(
  graph: GraphReader,
  companyId: string,
): readonly Recorded<DataOf<typeof contradictionType>>[] {
  const isOfCompany = (claimId: string): boolean => graph.object(claimId)?.data['company_id'] === companyId;
  return graph
    .objects(contradictionType.name, { status: 'open' })
    .map((object) => recorded(contradictionType, object))
    .filter(({ data }) => isOfCompany(data.claim_a_id) && isOfCompany(data.claim_b_id));
}

/** The name of a company, or its id while no object of that id is there. */
export function companyName(graph: GraphReader, companyId: string): string {
  const object = graph.object(companyId);
  return object?.type === companyType.name ? recorded(companyType, object).data.name : companyId;
}

/** Texts resolved to claims of a company, once each and in the order given; those that name none are left over. */
export function resolveClaims(
  claims: ReadonlyMap<string, RecordedClaim>,
  claimTexts: readonly string[],
): { readonly found: readonly RecordedClaim[]; readonly unresolved: readonly string[] } {
  const found = new Set<RecordedClaim>();
  const unresolved: string[] = [];
  for (const text of claimTexts) {
    const claim = claims.get(text.trim());
    if (claim === undefined) unresolved.push(text);
    else found.add(claim);
  }
  return { found: [...found], unresolved };
}
