/** Decides how retention is told: what goes, what stays and why, and what to do about either. */
import { type JsonObject, shellWord } from '../../base/index.ts';
import { type CommandNames, fillIn } from '../text/error-text.ts';
import { clean } from '../text/printable.ts';

/** Why a run stays. */
export type StayingReason =
  | { readonly code: 'not-asked-for' }
  | { readonly code: 'pinned'; readonly pin: string }
  | { readonly code: 'held'; readonly by: string }
  | { readonly code: 'needed'; readonly forks: readonly string[] }
  | { readonly code: 'among-the-newest'; readonly keepLast: number }
  | { readonly code: 'too-young'; readonly lastWrittenMs: number | null }
  | { readonly code: 'status'; readonly status: string }
  | { readonly code: 'label'; readonly label: string | null };

/** What is shown of retention. */
export interface RetentionSummary {
  readonly store: string;
  readonly archive: string | null;
  readonly isDryRun: boolean;
  readonly leaving: readonly {
    readonly runId: string;
    readonly events: number;
    readonly headHash: string;
    readonly artifacts: readonly string[];
    readonly problem: string | null;
  }[];
  readonly partial: readonly {
    readonly runId: string;
    readonly events: number;
    readonly ofEvents: number;
  }[];
  readonly kept: readonly { readonly id: string; readonly reasons: readonly StayingReason[] }[];
  readonly ok: boolean;
}

/** So many runs that stay, and so many forks that read one, are listed; the JSON has all. */
const listedAtMost = 20;

/** The lines that a person reads of retention. */
export function retentionText(summary: RetentionSummary, names: CommandNames = {}): readonly string[] {
  const { archive, isDryRun, leaving, partial } = summary;
  const { kept } = summary;
  const meant = kept.filter((log) => !wasNotMeant(log));
  const gone = leaving.filter(({ problem }) => problem === null).length;
  const doing = archive === null ? 'deleted' : `archived to ${clean(archive)}`;
  const word = isDryRun ? 'would go' : 'gone';
  const failed = leaving.length - gone;
  return [
    ...leaving.flatMap(({ runId, events, artifacts, problem }) =>
      problem === null
        ? [
            `${word.padEnd(9)} ${clean(runId)}  ${events} events${artifacts.length === 0 ? '' : `, ${artifacts.length} artifacts`}`,
            ...artifactLines(artifacts),
          ]
        : [`failed    ${clean(runId)}  ${clean(problem)}`, ...artifactLines(artifacts)],
    ),
    ...partial.map(
      ({ runId, events, ofEvents }) =>
        `in part   ${clean(runId)}  ${events} of ${ofEvents} events  (as far as a fork of it needs it)`,
    ),
    ...meant
      .slice(0, listedAtMost)
      .flatMap((log) => [
        `stays     ${clean(log.id)}  ${log.reasons.map(withNeed).join('; ')}`,
        ...detachLines(log.reasons, names),
      ]),
    ...(meant.length > listedAtMost ? [`stays     and ${meant.length - listedAtMost} more`] : []),
    ...othersLine(kept.length - meant.length),
    `summary: ${gone} ${isDryRun ? 'would be ' : ''}${doing}, ${failed === 0 ? '' : `${failed} failed, `}${kept.length} ${kept.length === 1 ? 'stays' : 'stay'}`,
    ...(partial.length > 0
      ? ['A run that goes in part is not archived: deleting it here loses the rest.']
      : []),
    ...(isDryRun ? ['Nothing was changed. With --apply it is done.'] : []),
  ];
}

/** The keys of artifacts that go, or would go, with a session. */
function artifactLines(keys: readonly string[]): readonly string[] {
  const more = keys.length - listedAtMost;
  return [
    ...keys.slice(0, listedAtMost).map((key) => `            ${clean(key)}`),
    ...(more > 0 ? [`            and ${more} more artifacts; --json names them all`] : []),
  ];
}

/** In a store of thousands their lines would hide the one that matters. */
function othersLine(count: number): readonly string[] {
  if (count === 0) return [];
  return [
    `stays     and ${count === 1 ? 'another, which was' : `${count} others, which were`} not asked for`,
  ];
}

function wasNotMeant({ reasons }: RetentionSummary['kept'][number]): boolean {
  return reasons.some(({ code }) => code === 'not-asked-for');
}

/** The command for each fork that keeps a run. */
function detachLines(reasons: readonly StayingReason[], names: CommandNames): readonly string[] {
  const forks = reasons.flatMap((reason) => (reason.code === 'needed' ? reason.forks : []));
  const listed = forks
    .slice(0, listedAtMost)
    .map((fork) => `          ${clean(fillIn(`\`runlog detach URL --run-id ${shellWord(fork)}\``, names))}`);
  const more = forks.length - listed.length;
  return more > 0 ? [...listed, `          and ${more} more forks; --json names them all`] : listed;
}

/** What `--json` prints of retention. */
export function retentionToJson({
  store,
  archive,
  isDryRun,
  leaving,
  partial,
  kept,
  ok,
}: RetentionSummary): JsonObject {
  return {
    store,
    archive,
    dry_run: isDryRun,
    ok,
    leaving: leaving.map(({ runId, events, headHash, artifacts, problem }) => ({
      run_id: runId,
      events,
      head_hash: headHash,
      ...(artifacts.length === 0 ? {} : { artifacts: [...artifacts] }),
      error: problem,
    })),
    partial: partial.map(({ runId, events, ofEvents }) => ({
      run_id: runId,
      events,
      of_events: ofEvents,
      ancestor_only: true,
    })),
    kept: kept.map(({ id, reasons }) => ({ run_id: id, reasons: reasons.map(reasonToJson) })),
  };
}

/** Each reason, and what would change it. */
export function whyKeptText(
  runId: string,
  reasons: readonly StayingReason[],
  names: CommandNames,
): readonly string[] {
  if (reasons.length === 0) return [`Nothing keeps run '${clean(runId)}': this policy lets it go.`];
  return [
    `Run '${clean(runId)}' stays:`,
    ...reasons.flatMap((reason) => [
      `  ${shortly(reason)}. ${clean(fillIn(remedyOf(runId, reason), names))}`.trimEnd(),
      ...detachLines([reason], names),
    ]),
  ];
}

/** What `--json` prints of the reasons why a run stays. */
export function whyKeptToJson(runId: string, reasons: readonly StayingReason[]): JsonObject {
  return { run_id: runId, is_kept: reasons.length > 0, reasons: reasons.map(reasonToJson) };
}

function withNeed(reason: StayingReason): string {
  // Nobody can ask for what runs: it stays until its program has closed it.
  if (reason.code !== 'status' || reason.status === 'running') return shortly(reason);
  return `${shortly(reason)} (needs --status ${shellWord(reason.status)})`;
}

function shortly(reason: StayingReason): string {
  switch (reason.code) {
    case 'not-asked-for':
      return 'it was not asked for';
    case 'pinned':
      return reason.pin === '' ? 'it is pinned' : `it is pinned (${clean(reason.pin)})`;
    case 'held':
      return `${clean(reason.by)} is writing it`;
    case 'needed':
      return `it is read by ${reason.forks.length === 1 ? 'the fork' : `${reason.forks.length} forks:`} ${named(reason.forks)}`;
    case 'among-the-newest':
      return `it is one of the ${reason.keepLast} that were made last`;
    case 'too-young':
      return reason.lastWrittenMs === null
        ? 'nothing says when it was written last'
        : `it was written last at ${new Date(reason.lastWrittenMs).toISOString()}`;
    case 'status':
      // A policy takes a session by its kind; in which state it is makes no difference.
      return reason.status === 'session' ? 'it is a session' : `its state is ${clean(reason.status)}`;
    default:
      return reason.label === null ? 'it has no label' : `its label is '${clean(reason.label)}'`;
  }
}

function remedyOf(runId: string, reason: StayingReason): string {
  if (reason.code === 'pinned') return `\`runlog unpin URL --run-id ${shellWord(runId)}\` lets it go.`;
  if (reason.code === 'held') return 'End that process, or wait for it.';
  if (reason.code === 'needed') return 'Let these go too, or give each a copy of what it shares:';
  if (reason.code === 'status' && reason.status === 'session')
    return '`--status session` takes sessions, in whatever state.';
  if (reason.code === 'status') return `\`--status ${shellWord(reason.status)}\` takes runs that stand so.`;
  return '';
}

function named(forks: readonly string[]): string {
  const first = forks.slice(0, listedAtMost).map((fork) => `'${clean(fork)}'`);
  const more = forks.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}

function reasonToJson(reason: StayingReason): JsonObject {
  switch (reason.code) {
    case 'pinned':
      return { code: reason.code, reason: reason.pin };
    case 'held':
      return { code: reason.code, by: reason.by };
    case 'needed':
      return { code: reason.code, forks: [...reason.forks] };
    case 'among-the-newest':
      return { code: reason.code, keep_last: reason.keepLast };
    case 'too-young': {
      const { lastWrittenMs: last } = reason;
      return { code: reason.code, last_written: last === null ? null : new Date(last).toISOString() };
    }
    case 'status':
      return { code: reason.code, status: reason.status };
    case 'label':
      return { code: reason.code, label: reason.label };
    default:
      return { code: reason.code };
  }
}
