/**
 * Decides how a graph is written down as a few long texts, and begun with from them: what is not looked at is not parsed. A
 * text begins with two lines: which section it belongs to, and which elements stand in it.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { Tables, type TablesTexts } from '../state.ts';
import type { KeyedIds } from './key-index.ts';
import type { PackedSection, TextPage } from './packed-texts.ts';

const elementSections = ['objects', 'relations', 'patches'] as const;
const indexSections = ['objectsByType', 'relationsByType', 'relationsByObject'] as const;

/** Characters after which a text is ended. */
const textAtLeast = 2 * 1024 * 1024;
/** Ids of one key that are written in one piece. */
const idsAtOnce = 50_000;

/** The texts of a graph; `null` when some element cannot be told in JSON. */
export function tablesToTexts(tables: Tables): readonly string[] | null {
  const written = tables.texts();
  const texts: string[] = [];
  for (const section of elementSections) if (!writeElements(section, written, texts)) return null;
  for (const section of indexSections) writeIndex(section, written, texts);
  return texts;
}

function writeElements(
  section: (typeof elementSections)[number],
  written: TablesTexts,
  texts: string[],
): boolean {
  let ids: string[] = [];
  let ends: number[] = [];
  let parts: string[] = [];
  let end = 0;
  const endText = (): void => {
    if (ids.length === 0) return;
    const head = `${JSON.stringify({ section, count: ids.length })}\n${JSON.stringify({ ids, ends })}\n`;
    texts.push(head + parts.join(''));
    ids = [];
    ends = [];
    parts = [];
    end = 0;
  };
  for (const [id, text] of written[section]) {
    if (text === null) return false;
    ids.push(id);
    parts.push(text);
    end += text.length;
    ends.push(end);
    if (end >= textAtLeast) endText();
  }
  endText();
  return true;
}

function writeIndex(section: (typeof indexSections)[number], written: TablesTexts, texts: string[]): void {
  let entries: string[] = [];
  let characters = 0;
  const endText = (): void => {
    if (entries.length > 0)
      texts.push(`${JSON.stringify({ section, count: entries.length })}\n\n[${entries.join(',')}]`);
    entries = [];
    characters = 0;
  };
  for (const [key, ...ids] of written[section]) {
    for (let from = 0; from < ids.length; from += idsAtOnce) {
      const entry = JSON.stringify([key, ...ids.slice(from, from + idsAtOnce)]);
      entries.push(entry);
      characters += entry.length;
      if (characters >= textAtLeast) endText();
    }
  }
  endText();
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
  const index = (section: string) => () => (bySection.get(section)?.texts ?? []).flatMap(entriesOf);
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

function entriesOf(text: string): readonly KeyedIds[] {
  const entries: unknown = JSON.parse(text.slice(text.indexOf('\n') + 2));
  return Array.isArray(entries) ? entries.map((entry: JsonValue) => listOf(entry, isText)) : [];
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
