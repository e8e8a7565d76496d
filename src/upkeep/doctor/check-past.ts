/** Decides whether a fork can read its past: the runs that it names are there, have the places, and agree on the hashes where they meet. */
import { genesisHash, type LogFound, lineageProblem, type StoredRows } from '../../log/index.ts';
import type { Findings } from './finding.ts';
import { finding, placeOf } from './finding-texts.ts';

/** The chain hash at the fork point, as the runs of the lineage have it; `null` when they cannot say it. */
export async function checkPast(log: LogFound, rows: StoredRows, findings: Findings): Promise<string | null> {
  const { id: logId, forkSeq } = log;
  const problem = lineageProblem(log) ?? (await circle(log, rows));
  if (problem !== null) {
    findings.add(
      finding('lineage-broken', { where: placeOf(logId), logId, what: `${upperFirst(problem)}.` }),
    );
    return null;
  }
  const past = await followPast(log, rows);
  if ('broken' in past) {
    findings.add(
      finding('fork-dangling', { where: placeOf(logId, forkSeq), logId, seq: forkSeq, what: past.broken }),
    );
    return null;
  }
  if (past.hash !== log.forkHash) {
    const what = `The fork was made behind the hash ${log.forkHash.slice(0, 12)}, and the run that it names has ${past.hash.slice(0, 12)} there.`;
    findings.add(finding('fork-dangling', { where: placeOf(logId, forkSeq), logId, seq: forkSeq, what }));
  }
  const { parent, lineage } = log;
  if (parent !== null && !lineage.some((segment) => segment.logId === parent)) {
    const isThere = (await rows.log(parent)) !== undefined;
    const what = `It was forked from run '${parent}', which is not in the store any more.`;
    if (!isThere) findings.add(finding('parent-missing', { where: placeOf(logId), logId, what }));
  }
  return past.hash;
}

/** A run is made after its parent: only where the numbers say otherwise can parents go round. */
async function circle(log: LogFound, rows: StoredRows): Promise<string | null> {
  const seen = new Set([log.id]);
  let present = log;
  while (present.parent !== null) {
    const parent = await rows.log(present.parent);
    if (parent === undefined || (present === log && parent.number < log.number)) return null;
    if (seen.has(parent.id)) return `its parents go round: '${[...seen, parent.id].join("', '")}'`;
    seen.add(parent.id);
    present = parent;
  }
  return null;
}

async function followPast(
  { lineage }: LogFound,
  rows: StoredRows,
): Promise<{ readonly hash: string } | { readonly broken: string }> {
  let covered = 0;
  let hash = genesisHash;
  for (const { logId, toSeq } of lineage) {
    const holder = await rows.log(logId);
    if (holder === undefined)
      return { broken: `It reads its beginning from run '${logId}', which is not there.` };
    if (holder.forkSeq > covered || holder.seq < toSeq)
      return {
        broken: `It reads the places ${covered + 1} to ${toSeq} from run '${logId}', which has ${holder.forkSeq + 1} to ${holder.seq}.`,
      };
    const before = await hashIn(holder, covered, rows);
    if (before !== hash)
      return {
        broken: `The runs that it reads its beginning from do not agree on place ${covered} ('${logId}').`,
      };
    const at = await hashIn(holder, toSeq, rows);
    if (at === null) return { broken: `Its fork point, place ${toSeq} of run '${logId}', is not there.` };
    covered = toSeq;
    hash = at;
  }
  return { hash };
}

async function hashIn(holder: LogFound, seq: number, rows: StoredRows): Promise<string | null> {
  if (seq === 0) return genesisHash;
  return seq === holder.forkSeq ? holder.forkHash : rows.hashAt(holder, seq);
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
