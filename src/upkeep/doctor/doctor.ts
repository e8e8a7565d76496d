/** Decides how a store is looked at and, when that is asked for, put right: what follows from history only, and looked at again afterwards. */
import { isStructuredError } from '../../base/index.ts';
import type { StoredRows } from '../../log/index.ts';
import { type Examination, examine, type ExamineOptions } from './examine.ts';
import type { Finding, FindingCounts } from './finding.ts';
import { finding } from './finding-texts.ts';

/** What is wrong with a store, and what was repaired. */
export interface DoctorReport {
  readonly location: string;
  /** `whole`: at most notes. `repairable`: history is whole, and something that follows from it is wrong. `damaged`: history is not. */
  readonly state: 'whole' | 'repairable' | 'damaged';
  readonly logs: number;
  readonly events: number;
  readonly counts: FindingCounts;
  /** What is wrong now, the first thousand of it. */
  readonly findings: readonly Finding[];
  /** What was found wrong and is not any more. */
  readonly repaired: readonly Finding[];
}

export interface DoctorOptions extends ExamineOptions {
  /** Put right what follows from history; nothing is changed without it. */
  readonly repair?: boolean;
}

/** One thing may stand behind another: so often it is looked again. */
const roundsAtMost = 5;

/** Looks at the store that `open` shows, and again behind each repair: what is told in the end is what was seen last. */
export async function examineStore(
  open: () => Promise<StoredRows>,
  { repair = false, ...options }: DoctorOptions,
): Promise<DoctorReport> {
  const found = new Map<string, Finding>();
  for (let round = 1; ; round += 1) {
    const rows = await open();
    try {
      const seen = await examine(rows, options);
      for (const each of seen.findings) found.set(keyOf(each), each);
      if (!repair || seen.mends.length === 0 || round === roundsAtMost)
        return reportOf(rows.location, seen, [...found.values()]);
      const failed = await mended(rows, seen);
      if (failed !== null) {
        const counts = { ...seen.counts, derived: seen.counts.derived + 1 };
        const findings = [...seen.findings, failed];
        return reportOf(rows.location, { ...seen, counts, findings }, [...found.values()]);
      }
    } finally {
      await rows.close();
    }
  }
}

async function mended(rows: StoredRows, { mends }: Examination): Promise<Finding | null> {
  try {
    await rows.mend(mends);
    return null;
  } catch (error) {
    if (!isStructuredError(error)) throw error;
    return finding('repair-failed', { where: rows.location, what: `${error.whatFailed} ${error.howToFix}` });
  }
}

function reportOf(
  location: string,
  { logs, events, counts, findings }: Examination,
  found: readonly Finding[],
): DoctorReport {
  const left = new Set(findings.map(keyOf));
  return {
    location,
    state: counts.damage > 0 ? 'damaged' : counts.derived > 0 ? 'repairable' : 'whole',
    logs,
    events,
    counts,
    findings,
    repaired: found.filter((each) => !left.has(keyOf(each))),
  };
}

function keyOf({ code, where, what }: Finding): string {
  return `${code}\n${where}\n${what}`;
}
