/**
 * Decides how the difference of two runs reads: how they are related and how much differs, what each has used, then what differs
 * in state, field by field with the events behind it, and the events that one side alone has.
 */
import type {
  EventRef,
  FieldDifference,
  ObjectDifference,
  RelationDifference,
  RunDiff,
} from '../../runtime/index.ts';
import { cut, line } from '../text/printable.ts';
import { type SideNames, valueText } from './diff-text.ts';
import { usageLines } from './usage-text.ts';

/** Names of the sides, width (characters), and whether everything is shown. */
export interface RunDiffTextOptions {
  /** What the sides are called; `parent` and `fork` by default, the ids of the runs where neither is a fork of the other. */
  readonly names?: SideNames;
  /** Bounds the length of a line that shows values. */
  readonly columns?: number;
  /** Every element and every event; without it at most 20 of each list. */
  readonly all?: boolean;
}

const shortList = 20;

/** All of it. The names of the counts are those of the specification, whatever the kinship: parent is the run named first. */
export function runDiffText(diff: RunDiff, options: RunDiffTextOptions = {}): readonly string[] {
  const { left, right, events, objects, relations } = diff;
  const names = options.names ?? sideNames(diff);
  const counts: readonly (readonly [string, number])[] = [
    ['shared_events', events.shared],
    ['parent_only_events', events.onlyLeft.length],
    ['fork_only_events', events.onlyRight.length],
    ['divergent_objects', objects.length],
    ['divergent_relations', relations.length],
  ];
  return [
    line`diff ${left.runId} vs ${right.runId}:`,
    `  ${kinshipText(diff)}`,
    ...counts.map(([name, count]) => `  ${name.padEnd(24)} ${count}`),
    ...usageLines(diff.usage, names),
    ...runDiffBody(diff, options),
  ];
}

/** What differs, without the header: for texts that have one of their own. */
export function runDiffBody(diff: RunDiff, options: RunDiffTextOptions = {}): readonly string[] {
  const { events, objects, relations, isIdentical } = diff;
  if (isIdentical) return ['identical'];
  const { columns = 160, all = false } = options;
  const names = options.names ?? sideNames(diff);
  const limit = all ? Number.POSITIVE_INFINITY : shortList;
  const list = <Item>(
    title: string,
    items: readonly Item[],
    linesOf: (item: Item) => readonly string[],
  ): readonly string[] => listLines(title, items, linesOf, limit);
  return [
    ...list('divergent objects:', objects, (object) => objectLines(object, names, columns)),
    ...list('divergent relations:', relations, (relation) => relationLines(relation, names, columns)),
    ...list(line`events only in ${names.left}:`, events.onlyLeft, (event) => [`  - ${eventText(event)}`]),
    ...list(line`events only in ${names.right}:`, events.onlyRight, (event) => [`  - ${eventText(event)}`]),
  ];
}

function sideNames({ kinship, left, right }: RunDiff): SideNames {
  if (kinship === 'right-is-fork') return { left: 'parent', right: 'fork' };
  if (kinship === 'left-is-fork') return { left: 'fork', right: 'parent' };
  return { left: left.runId, right: right.runId };
}

function kinshipText({ kinship, left, right, forkPoint, past }: RunDiff): string {
  const at = forkPoint === null ? 'before its first event' : line`at ${forkPoint.id}`;
  const label = (text: string | null): string => (text === null ? '' : line` (${text})`);
  switch (kinship) {
    case 'same':
      return 'one and the same run';
    case 'right-is-fork':
      return line`${right.runId} is a fork of ${left.runId} ${at}${label(right.label)}`;
    case 'left-is-fork':
      return line`${left.runId} is a fork of ${right.runId} ${at}${label(left.label)}`;
    case 'siblings':
      return line`forks of one run, which part ${at.replace(/^at/, 'behind')}`;
    default:
      return past.equalSeq === 0
        ? 'no kinship'
        : `no kinship, and equal up to event ${past.equalSeq} from their beginnings`;
  }
}

function listLines<Item>(
  title: string,
  items: readonly Item[],
  linesOf: (item: Item) => readonly string[],
  limit: number,
): readonly string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, limit);
  const rest = items.length - shown.length;
  return [
    title,
    ...shown.flatMap(linesOf),
    ...(rest === 0 ? [] : [`  … and ${rest} more; --all shows them`]),
  ];
}

function objectLines(object: ObjectDifference, names: SideNames, columns: number): readonly string[] {
  const { id, where, leftVersion, rightVersion } = object;
  const versions = line` (${names.left} v${leftVersion ?? 0} ↔ ${names.right} v${rightVersion ?? 0})`;
  return [
    where === 'both' ? line`  - ${id} differs${versions}` : onlyText(id, where, names),
    ...detailLines(object, names, columns),
  ];
}

function relationLines(relation: RelationDifference, names: SideNames, columns: number): readonly string[] {
  const { id, where, source, type, target } = relation;
  const ends = line` (${source} --${type}--> ${target})`;
  return [
    `${where === 'both' ? line`  - ${id} differs` : onlyText(id, where, names)}${ends}`,
    ...detailLines(relation, names, columns),
  ];
}

function onlyText(id: string, where: 'left' | 'right', names: SideNames): string {
  return line`  - ${id} only in ${names[where]}`;
}

/** A field each with its causes; for what stands on one side the events that made it, or took it from the other. */
function detailLines(
  { where, fields, leftEvents, rightEvents }: ObjectDifference | RelationDifference,
  names: SideNames,
  columns: number,
): readonly string[] {
  if (where === 'both')
    return fields
      .filter(({ field }) => field !== 'version')
      .map((difference) => fieldLine(difference, names, columns));
  const causes = [
    ...leftEvents.map((event) => causeText(names.left, event)),
    ...rightEvents.map((event) => causeText(names.right, event)),
  ];
  return causes.length === 0 ? [] : [cut(`      ← ${causes.join('; ')}`, columns)];
}

function fieldLine(
  { field, left, right, leftEvent, rightEvent }: FieldDifference,
  names: SideNames,
  columns: number,
): string {
  const causes = [
    ...(leftEvent === null ? [] : [causeText(names.left, leftEvent)]),
    ...(rightEvent === null ? [] : [causeText(names.right, rightEvent)]),
  ].join('; ');
  const behind = causes === '' ? '' : `  ← ${causes}`;
  const values = line`      ${field}: ${valueText(left)} -> ${valueText(right)}`;
  return `${cut(values, Math.max(40, columns - behind.length))}${behind}`;
}

function causeText(side: string, { id, type, actor }: EventRef): string {
  const removed = type.endsWith('.removed') ? 'removed in ' : '';
  return line`${removed}${side} ${id} by ${actor ?? '?'}`;
}

function eventText({ id, type, actor }: EventRef): string {
  return line`${id} ${type} by ${actor ?? '?'}`;
}
