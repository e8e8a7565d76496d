/**
 * Decides how a diligence memo reads: its sections in order, and under each key claim the words of the evidence that it cites,
 * so that a reader can check it without a database.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { type GraphObject, objectToJson } from '../../graph/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, line } from '../text/printable.ts';

/** Colours, and how the objects that a memo cites are found. */
export interface MemoTextOptions {
  readonly paint?: Paint;
  /** Finds what the memo cites: evidence, documents, companies. */
  readonly find: (id: string) => GraphObject | undefined;
}

/** A memo as `--json` prints it: the object, whole. */
export function memoToJson(memo: GraphObject): JsonObject {
  return objectToJson(memo);
}

/** The lines that a person reads of a memo. */
export function memoText(memo: GraphObject, options: MemoTextOptions): readonly string[] {
  const { paint = plainPaint, find } = options;
  const { data } = memo;
  const heading = (title: string): readonly string[] => ['', paint('strong', title)];
  const company = typeof data['company_id'] === 'string' ? find(data['company_id']) : undefined;
  return [
    paint(
      'strong',
      line`Memo ${memo.id}: ${textOf(company?.data['name'] ?? data['company_id'], 'unknown company')}`,
    ),
    ...heading('Summary'),
    ...paragraphs(textOf(data['summary'], '(none)')),
    ...heading('Thesis Questions Addressed'),
    ...entries(data['thesis_questions_addressed'], questionLines),
    ...heading('Key Claims'),
    ...entries(data['key_claims'], (claim) => claimLines(claim, find)),
    ...heading('Open Contradictions'),
    ...contradictionLines(data, find),
    ...heading('Risks'),
    ...entries(data['risks'], (risk) => riskLines(risk, find)),
  ];
}

function questionLines(question: JsonValue): readonly string[] {
  if (!isJsonObject(question)) return [line`  - ${textOf(question)}`];
  const claims = idsOf(question['claim_ids']);
  const cited = claims.length === 0 ? '' : line` (${claims.join(', ')})`;
  return [line`  - ${textOf(question['question'])} [${textOf(question['status'], 'open')}]${cited}`];
}

function claimLines(claim: JsonValue, find: MemoTextOptions['find']): readonly string[] {
  if (!isJsonObject(claim)) return [line`  - ${textOf(claim)}`];
  const evidence = idsOf(claim['evidence_ids']);
  return [
    line`  - ${textOf(claim['text'])} (${textOf(claim['claim_id'])})`,
    ...(evidence.length === 0 ? ['      (no evidence cited)'] : evidence.map((id) => evidenceLine(id, find))),
  ];
}

function evidenceLine(id: string, find: MemoTextOptions['find']): string {
  const evidence = find(id);
  if (evidence === undefined) return line`      ${id}: (not in this graph)`;
  const documentId = evidence.data['document_id'];
  const document = typeof documentId === 'string' ? find(documentId) : undefined;
  const source = document === undefined ? '' : line`, ${textOf(document.data['title'], document.id)}`;
  return line`      "${textOf(evidence.data['text'])}" (${id}${source})`;
}

function contradictionLines(data: JsonObject, find: MemoTextOptions['find']): readonly string[] {
  const open = data['open_contradictions'];
  if (open === undefined || !isJsonArray(open) || open.length === 0) {
    const note = textOf(data['contradictions_note'], '');
    return [line`  ${note === '' ? 'no contradictions found' : note}`];
  }
  return entries(open, (item) => {
    const found = typeof item === 'string' ? find(item) : undefined;
    if (found !== undefined) return [contradictionLine(found.id, found.data)];
    return isJsonObject(item) ? [contradictionLine(null, item)] : [line`  - ${textOf(item)}`];
  });
}

function contradictionLine(id: string | null, data: JsonObject): string {
  const claims = [data['claim_a_id'], data['claim_b_id']]
    .filter((claim) => typeof claim === 'string')
    .join(' against ');
  const rationale = textOf(data['rationale'], textOf(data['text'], ''));
  return line`  - ${[id ?? '', claims, rationale].filter((part) => part !== '').join(': ')}`;
}

function riskLines(item: JsonValue, find: MemoTextOptions['find']): readonly string[] {
  const risk = typeof item === 'string' ? find(item)?.data : item;
  if (!isJsonObject(risk)) return [line`  - ${textOf(item)}`];
  const description = textOf(risk['description'], '');
  return [
    line`  - ${textOf(risk['title'], textOf(risk['text'], '(untitled)'))} [${textOf(risk['severity'], 'unrated')}]`,
    ...(description === '' ? [] : paragraphs(description, 6)),
  ];
}

function entries(
  value: JsonValue | undefined,
  show: (item: JsonValue) => readonly string[],
): readonly string[] {
  if (value === undefined || !isJsonArray(value) || value.length === 0) return ['  (none)'];
  return value.flatMap((item) => show(item));
}

function idsOf(value: JsonValue | undefined): readonly string[] {
  return value !== undefined && isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Prose keeps its line breaks, behind the indent, where no line can pass for one of ours. */
function paragraphs(text: string, indent = 2): readonly string[] {
  return text.split('\n').map((paragraph) => `${' '.repeat(indent)}${clean(paragraph)}`.trimEnd());
}

function textOf(value: JsonValue | undefined, missing = '?'): string {
  if (value === undefined || value === null) return missing;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
