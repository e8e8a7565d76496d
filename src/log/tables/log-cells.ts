/** Decides what the cells of a row that stands for a log mean together, and when they cannot all be true. */
import { isJsonArray, type JsonValue } from '../../base/index.ts';
import { lineageProblem } from '../lineage.ts';
import type { LogInfo, LogKind, Owner, Segment } from '../port.ts';
import { asCount, textOf, UnreadableCell } from './cells.ts';

/** Throws `UnreadableCell` for what is no kind of log. */
export function kindOf(cell: unknown): LogKind {
  if (cell === 'run' || cell === 'session') return cell;
  throw new UnreadableCell(`'${textOf(cell)}' is no kind of log`);
}

/** The text that `decodeLineage` reads. */
export function encodeLineage(lineage: readonly Segment[]): string {
  return JSON.stringify(lineage.map(({ logId, toSeq }) => [logId, toSeq]));
}

/** Throws `UnreadableCell`, and `SyntaxError` for what is no JSON. */
export function decodeLineage(text: string): readonly Segment[] {
  if (text === '[]') return [];
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new UnreadableCell('a list of segments was expected');
  return value.map((segment: JsonValue) => {
    const [logId, toSeq] = isJsonArray(segment) ? segment : [];
    if (typeof toSeq !== 'number') throw new UnreadableCell('a place in a log was expected');
    return { logId: textOf(logId), toSeq: asCount(toSeq) };
  });
}

/** Throws `UnreadableCell` where a reading that follows the lineage would not come to its end. */
export function soundPast<Past extends Parameters<typeof lineageProblem>[0]>(past: Past): Past {
  const problem = lineageProblem(past);
  if (problem !== null) throw new UnreadableCell(problem);
  return past;
}

/** The cells of a log and of its owner, each read already. */
export interface LogCells extends Pick<LogInfo, 'id' | 'kind' | 'label' | 'createdAt' | 'epoch'> {
  readonly seq: number;
  readonly hash: string;
  readonly parent: string | null;
  readonly forkSeq: number;
  /** As it stands in its cell. */
  readonly lineage: string;
  readonly owner: Owner | null;
}

/** Throws `UnreadableCell` for cells that do not fit each other. */
export function logInfoOf({ seq, hash, parent, forkSeq, lineage, ...rest }: LogCells): LogInfo {
  const past = soundPast({ id: rest.id, seq, parent, forkSeq, lineage: decodeLineage(lineage) });
  return {
    ...rest,
    head: { logId: rest.id, seq, hash },
    parent: parent === null ? null : { logId: parent, atSeq: forkSeq },
    lineage: past.lineage,
  };
}
