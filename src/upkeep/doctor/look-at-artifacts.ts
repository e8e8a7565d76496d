/** Decides what a look at a store says about the artifacts of its sessions, whose bytes are all read and proved. */
import type { CancelSignal } from '../../base/index.ts';
import { type ArtifactFinding, type ArtifactRegistry, checkArtifacts } from '../../sessions/index.ts';
import type { DoctorReport } from './doctor.ts';
import { type Finding, type FindingCode, Findings } from './finding.ts';
import { finding } from './finding-texts.ts';

const codes: Readonly<Record<ArtifactFinding['problem'], FindingCode>> = {
  missing: 'artifact-missing',
  corrupted: 'artifact-damaged',
  different: 'artifact-different',
  orphan: 'artifact-orphaned',
};

/** The report with what is wrong between the sessions and this store of artifacts. */
export async function withArtifacts(
  report: DoctorReport,
  registry: Pick<ArtifactRegistry, 'log' | 'artifacts'>,
  signal?: CancelSignal,
): Promise<DoctorReport> {
  const findings = new Findings();
  for (const found of report.findings) findings.add(found);
  const already = findings.counts;
  for await (const found of checkArtifacts(registry, { proveBytes: true })) {
    if (signal?.aborted === true) throw signal.reason;
    findings.add(findingOf(found, registry.artifacts.location));
  }
  // Of what the report did not list it has counted more than there is here.
  const { counts } = findings;
  return told(report, {
    findings: findings.listed,
    counts: {
      damage: report.counts.damage + counts.damage - already.damage,
      derived: report.counts.derived + counts.derived - already.derived,
      note: report.counts.note + counts.note - already.note,
    },
  });
}

/** The report with a note that says why nobody looked at the artifacts. */
export function withoutArtifacts(report: DoctorReport, why: string): DoctorReport {
  const note = finding('artifacts-unchecked', { where: report.location, what: why });
  const counts = { ...report.counts, note: report.counts.note + 1 };
  return told(report, { findings: [...report.findings, note], counts });
}

function findingOf({ problem, key, sessionId, detail }: ArtifactFinding, location: string): Finding {
  const where = `artifact '${key}' in ${location}`;
  const what = `${detail.slice(0, 1).toUpperCase()}${detail.slice(1)}.`;
  return finding(codes[problem], { where, what, ...(sessionId === null ? {} : { logId: sessionId }) });
}

function told(
  report: DoctorReport,
  { findings, counts }: Pick<DoctorReport, 'findings' | 'counts'>,
): DoctorReport {
  const state = counts.damage > 0 ? 'damaged' : counts.derived > 0 ? 'repairable' : 'whole';
  return { ...report, findings, counts, state };
}
