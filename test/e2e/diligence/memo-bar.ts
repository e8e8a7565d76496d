// Decides when a memo counts as verifiable: six sections, and everything that it points at is in the graph, of its own company,
// and for evidence word by word in a document.
import { type GraphObject, type GraphReader } from 'runlog/graph';
import { textOf } from './open-diligence.ts';

/** Full text of each document by its address. */
export type DocumentTexts = ReadonlyMap<string, string>;

type Row = Readonly<Record<string, unknown>>;

/** What is wrong with a memo; nothing, when it can be verified. */
export function memoBar(memo: GraphObject, graph: GraphReader, documents: DocumentTexts): readonly string[] {
  const companyId = memo.data['company_id'];
  return [
    ...summaryFaults(memo),
    ...questionFaults(rows(memo, 'thesis_questions_addressed'), graph, companyId),
    ...keyClaimFaults(rows(memo, 'key_claims'), graph, companyId, documents),
    ...contradictionFaults(memo, graph, companyId),
    ...riskFaults(ids(memo.data['risks']), graph, companyId),
  ];
}

function summaryFaults({ data }: GraphObject): readonly string[] {
  const { summary } = data;
  return typeof summary === 'string' && summary.split(/\s+/).length >= 50
    ? []
    : ['the summary is missing or a stub'];
}

function questionFaults(
  questions: readonly Row[],
  graph: GraphReader,
  companyId: unknown,
): readonly string[] {
  if (questions.length === 0) return ['no thesis question is addressed'];
  return questions.flatMap(({ question, status, claim_ids: claimIds }) => {
    const isKnown = graph
      .objects('question')
      .some(({ data }) => data['text'] === question && data['company_id'] === companyId);
    const claims = ids(claimIds);
    return [
      ...(isKnown ? [] : [`the company has no question '${textOf(question)}'`]),
      ...(status === 'answered' && claims.length === 0
        ? [`'${textOf(question)}' is answered by nothing`]
        : []),
      ...claims
        .filter((id) => !belongs(graph, id, 'claim', companyId))
        .map((id) => `${id} is no claim of the company`),
    ];
  });
}

function keyClaimFaults(
  keys: readonly Row[],
  graph: GraphReader,
  companyId: unknown,
  documents: DocumentTexts,
): readonly string[] {
  if (keys.length === 0) return ['there is no key claim'];
  return keys.flatMap(({ claim_id: claimId, text, evidence_ids: evidenceIds }) => {
    const id = textOf(claimId);
    const evidence = ids(evidenceIds);
    return [
      ...(belongs(graph, id, 'claim', companyId) ? [] : [`${id} is no claim of the company`]),
      ...(graph.object(id)?.data['text'] === text ? [] : [`${id} says something else`]),
      ...(evidence.length === 0 ? [`${id} cites no evidence`] : []),
      ...evidence.flatMap((cited) => evidenceFaults(cited, id, graph, companyId, documents)),
    ];
  });
}

function evidenceFaults(
  id: string,
  claimId: string,
  graph: GraphReader,
  companyId: unknown,
  documents: DocumentTexts,
): readonly string[] {
  const evidence = graph.object(id);
  if (evidence?.type !== 'evidence') return [`${id} is not in the graph`];
  const { text, document_id: documentId, claim_id: of } = evidence.data;
  const document = typeof documentId === 'string' ? graph.object(documentId) : undefined;
  const full = documents.get(textOf(document?.data['url']));
  return [
    ...(of === claimId && graph.relations({ source: id, target: claimId, type: 'supports' }).length === 1
      ? []
      : [`${id} does not support ${claimId}`]),
    ...(document?.data['company_id'] === companyId ? [] : [`${id} is from a document of another company`]),
    ...(typeof text === 'string' && text !== '' && full?.includes(text) === true
      ? []
      : [`${id} does not stand in its document`]),
  ];
}

function contradictionFaults(
  { data }: GraphObject,
  graph: GraphReader,
  companyId: unknown,
): readonly string[] {
  const listed = ids(data['open_contradictions']);
  const open = graph
    .objects('contradiction', { status: 'open' })
    .filter(({ data: { claim_a_id: a, claim_b_id: b } }) =>
      [a, b].every((id) => typeof id === 'string' && belongs(graph, id, 'claim', companyId)),
    );
  const note = data['contradictions_note'];
  return [
    ...(open.map(({ id }) => id).join() === listed.join()
      ? []
      : ['the contradictions listed are not those of the graph']),
    ...((note === 'no contradictions found') === (listed.length === 0)
      ? []
      : [`the note on contradictions is '${textOf(note)}'`]),
  ];
}

function riskFaults(risks: readonly string[], graph: GraphReader, companyId: unknown): readonly string[] {
  if (risks.length === 0) return ['there is no risk'];
  return risks.flatMap((id) => {
    if (!belongs(graph, id, 'risk', companyId)) return [`${id} is no risk of the company`];
    const related = ids(graph.object(id)?.data['related_claim_ids']);
    const isGrounded =
      related.length > 0 && related.every((claim) => belongs(graph, claim, 'claim', companyId));
    return isGrounded ? [] : [`${id} rests on no claim of the company`];
  });
}

function belongs(graph: GraphReader, id: string, type: string, companyId: unknown): boolean {
  const object = graph.object(id);
  return object?.type === type && object.data['company_id'] === companyId;
}

function rows({ data }: GraphObject, field: string): readonly Row[] {
  const value: unknown = data[field];
  return Array.isArray(value)
    ? value.filter((row): row is Row => typeof row === 'object' && row !== null)
    : [];
}

function ids(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
}
