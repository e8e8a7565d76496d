/** Decides how the difference of two graphs reads. */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import type { ElementChange, GraphDiff, GraphObject, Relation, SideBySide } from '../../graph/index.ts';
import { cut, line } from '../text/printable.ts';

/** What the two sides of a comparison are called. */
export interface SideNames {
  readonly left: string;
  readonly right: string;
}

/** Names of the sides, and how wide a line may be (characters). */
export interface DiffTextOptions {
  /** `parent` and `fork` by default. */
  readonly names?: SideNames;
  /** Bounds the length of a changed field. */
  readonly columns?: number;
}

/** The lines of a difference: objects first, then relations; one sentence when there is none. */
export function graphDiffText(diff: GraphDiff, options: DiffTextOptions = {}): readonly string[] {
  const { names = { left: 'parent', right: 'fork' }, columns = 160 } = options;
  if (diff.isIdentical) return ['the graphs are identical'];
  return [
    ...section('divergent objects:', sideLines(diff.objects, names, columns, objectText)),
    ...section('divergent relations:', sideLines(diff.relations, names, columns, relationText)),
  ];
}

/** The same as data: ids only for what stands on one side, both values for what changed. */
export function graphDiffToJson(diff: GraphDiff): JsonObject {
  const side = ({ onlyLeft, onlyRight, changed }: SideBySide<GraphObject | Relation>): JsonObject => ({
    only_left: onlyLeft.map(({ id }) => id),
    only_right: onlyRight.map(({ id }) => id),
    changed: changed.map(({ left, fields }) => ({
      id: left.id,
      fields: fields.map(({ field, left: before, right: after }) => ({
        field,
        ...(before === undefined ? {} : { left: before }),
        ...(after === undefined ? {} : { right: after }),
      })),
    })),
  });
  return { identical: diff.isIdentical, objects: side(diff.objects), relations: side(diff.relations) };
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function sideLines<Element extends GraphObject | Relation>(
  side: SideBySide<Element>,
  names: SideNames,
  columns: number,
  tail: (element: Element) => string,
): readonly string[] {
  return [
    ...side.changed.flatMap((change) => changeLines(change, names, columns)),
    ...side.onlyLeft.map((element) => line`  - ${element.id} only in ${names.left}${tail(element)}`),
    ...side.onlyRight.map((element) => line`  - ${element.id} only in ${names.right}${tail(element)}`),
  ];
}

function changeLines(
  { left, right, fields }: ElementChange<GraphObject | Relation>,
  names: SideNames,
  columns: number,
): readonly string[] {
  const versions =
    'version' in left && 'version' in right
      ? line` (${names.left} v${left.version} ↔ ${names.right} v${right.version})`
      : '';
  return [
    line`  - ${left.id} differs${versions}`,
    ...fields
      .filter(({ field }) => field !== 'version')
      .map(({ field, left: before, right: after }) =>
        cut(line`      ${field}: ${valueText(before)} -> ${valueText(after)}`, columns),
      ),
  ];
}

/** A field that is missing is told from one that is `null`. */
export function valueText(value: JsonValue | undefined): string {
  return value === undefined ? '(missing)' : JSON.stringify(value);
}

function objectText(): string {
  return '';
}

function relationText({ source, target, type }: Relation): string {
  return line` (${source} --${type}--> ${target})`;
}
