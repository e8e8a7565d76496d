/**
 * Decides how a graph is written down as a few long texts, and begun with from them: what is not looked at is not parsed. A
 * text begins with two lines: which section it belongs to, and which elements stand in it.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { Tables, type TablesTexts } from '../state.ts';
import type { PackedIndex } from './key-index.ts';
import type { PackedSection, TextPage } from './packed-texts.ts';

const elementSections = ['objects', 'relations', 'patches'] as const;
const indexSections = ['objectsByType', 'relationsByType', 'relationsByObject'] as const;

/** Characters after which a text is ended. */
const textAtLeast = 2 * 1024 * 1024;
/** Ids in an index after which a text is ended. */
const idsAtLeast = 200_000;

/**
 * The texts of a graph, one after the other: nobody may change the graph in between. Ends with `null` when it comes upon an
 * element that cannot be told in JSON.
 */
export function* tablesToTexts(tables: Tables): Iterable<string | null> {
  const written = tables.texts();
  for (const section of elementSections) yield* elementTexts(section, written[section]);
  for (const section of indexSections) yield* indexTexts(section, written[section]);
}

function* elementTexts(section: string, elements: TablesTexts['objects']): Iterable<string | null> {
  let ids: string[] = [];
  let ends: number[] = [];
  let texts: string[] = [];
  let end = 0;
  const whole = (): string =>
    `${JSON.stringify({ section, count: ids.length })}\n${JSON.stringify({ ids, ends })}\n${texts.join('')}`;
  for (const [id, text] of elements) {
    if (text === null) {
      yield null;
      return;
    }
    ids.push(id);
    texts.push(text);
    end += text.length;
    ends.push(end);
    if (end < textAtLeast) continue;
    yield whole();
    [ids, ends, texts, end] = [[], [], [], 0];
  }
  if (ids.length > 0) yield whole();
}

function* indexTexts(section: string, entries: TablesTexts['objectsByType']): Iterable<string> {
  let keys: string[] = [];
  let counts: number[] = [];
  let ids: string[] = [];
  const whole = (): string =>
    `${JSON.stringify({ section, count: keys.length })}\n${JSON.stringify({ keys, counts, ids })}\n`;
  for (const [key, all] of entries) {
    keys.push(key);
    counts.push(all.length);
    for (const id of all) ids.push(id);
    if (ids.length < idsAtLeast) continue;
    yield whole();
    [keys, counts, ids] = [[], [], []];
  }
  if (keys.length > 0) yield whole();
}

/** A graph that begins with what the texts hold; `null` when one of them is none of its texts. */
export function tablesFromTexts(texts: readonly string[]): Tables | null {
  const bySection = new Map<string, { size: number; readonly texts: string[] }>();
  for (const text of texts) {
    const { section, count } = jsonObject(text.slice(0, text.indexOf('\n')));
    if (typeof section !== 'string' || typeof count !== 'number') return null;
    const found = bySection.get(section);
    if (found === undefined) bySection.set(section, { size: count, texts: [text] });
    else {
      found.size += count;
      found.texts.push(text);
    }
  }
  const elements = (section: string): PackedSection => {
    const { size, texts: own } = bySection.get(section) ?? { size: 0, texts: [] };
    return { size, pages: () => own.map(pageOf) };
  };
  const index = (section: string) => () => indexOf(bySection.get(section)?.texts ?? []);
  return new Tables({
    objects: elements('objects'),
    relations: elements('relations'),
    patches: elements('patches'),
    objectsByType: index('objectsByType'),
    relationsByType: index('relationsByType'),
    relationsByObject: index('relationsByObject'),
  });
}

function pageOf(text: string): TextPage {
  const first = text.indexOf('\n');
  const second = text.indexOf('\n', first + 1);
  const { ids, ends } = jsonObject(text.slice(first + 1, second));
  return { ids: listOf(ids, isText), ends: listOf(ends, isNumber), text, start: second + 1 };
}

function indexOf(texts: readonly string[]): PackedIndex {
  const parts = texts.map((text) => jsonObject(text.slice(text.indexOf('\n') + 1)));
  return {
    keys: parts.flatMap(({ keys }) => listOf(keys, isText)),
    counts: parts.flatMap(({ counts }) => listOf(counts, isNumber)),
    ids: parts.flatMap(({ ids }) => listOf(ids, isText)),
  };
}

function jsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

/** The list itself when all of it is of one kind: the lists are long. */
function listOf<Item extends JsonValue>(
  value: JsonValue | undefined,
  isItem: (item: JsonValue) => item is Item,
): readonly Item[] {
  return value !== undefined && isJsonArray(value) && value.every(isItem) ? value : [];
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}

function isNumber(value: JsonValue): value is number {
  return typeof value === 'number';
}
