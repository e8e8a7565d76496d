/** Decides how the quickstart reads: what goes on while it works, then what came of it, what another setting changed, and what to type next. */
import { formatUsd } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import type { RunDiff } from '../../runtime/index.ts';
import { memoText } from '../graph/memo-text.ts';
import { runDiffBody } from '../graph/run-diff-text.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { line } from '../text/printable.ts';
import { summaryText, type TraceSummary } from '../trace/trace-summary.ts';

/** What is shown of a run of the quickstart. */
export interface QuickstartRun {
  readonly runId: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly memos: readonly GraphObject[];
  readonly find: (id: string) => GraphObject | undefined;
  readonly summary: TraceSummary;
  readonly approvals: readonly {
    readonly id: string;
    readonly objectType: string;
    readonly reason: string;
  }[];
}

/** What is shown of the fork of the quickstart. */
export interface QuickstartFork extends QuickstartRun {
  readonly atEvent: string;
  readonly setting: { readonly key: string; readonly before: string; readonly after: string };
  readonly diff: RunDiff;
  /** What the fork did itself, after the place that it shares. */
  readonly own: TraceSummary;
}

/** All that the quickstart shows. */
export interface QuickstartText {
  readonly run: QuickstartRun;
  readonly fork: QuickstartFork | null;
  /** The store as a URL that works from any folder. */
  readonly url: string;
  /** How the command was called, such as `runlog` or `npx runlog`. */
  readonly program: string;
  /** Seconds that this call worked. */
  readonly seconds: number;
  readonly paint?: Paint;
}

/** The lines that a person reads of the quickstart. */
export function quickstartText(report: QuickstartText): readonly string[] {
  const { run, fork, paint = plainPaint } = report;
  const heading = (title: string): readonly string[] => ['', paint('strong', `== ${title}`), ''];
  return [
    ...run.memos.flatMap((memo) => ['', ...memoText(memo, { paint, find: run.find })]),
    ...heading('What happened'),
    ...summaryText(run.summary),
    line`this call took:   ${report.seconds.toFixed(1)}s`,
    ...(fork === null ? [] : [...heading('What a stricter setting changed'), ...forkLines(fork, run)]),
    ...(run.approvals.length === 0 ? [] : [...heading('What waits for you'), ...approvalLines(run)]),
    ...(run.approvals.length + run.memos.length > 0
      ? []
      : [
          '',
          'No memo was written: a memo needs at least one risk that was granted. To begin again, name another --store.',
        ]),
    ...heading('Where it is'),
    line`store:  ${report.url}`,
    ...[run, ...(fork === null ? [] : [fork])].map(
      ({ runId, head }) => line`run:    ${runId}, ${head.seq} events, head ${head.hash}`,
    ),
    ...heading('What to type next'),
    ...nextLines(report),
  ];
}

function forkLines(fork: QuickstartFork, run: QuickstartRun): readonly string[] {
  const { key, before, after } = fork.setting;
  const { calls, cacheHits, costUsd } = fork.own.model;
  return [
    line`${fork.runId} shares the events of ${run.runId} up to ${fork.atEvent} without copying one, and goes on with`,
    line`${key} ${after} instead of ${before}. It put ${calls} questions to the model: ${cacheHits} were answered from the`,
    line`record of ${run.runId}, ${calls - cacheHits} had not been asked before and cost ${formatUsd(costUsd, 4)}.`,
    ...causeLines(fork, run),
    '',
    ...runDiffBody(fork.diff, { names: { left: run.runId, right: fork.runId } }),
    ...newMemos(fork).flatMap((memo) => ['', ...shortMemo(memo, fork.find)]),
  ];
}

/** Why a contradiction is not in the fork: the setting asks more of its weaker claim. */
function causeLines({ runId, setting, diff }: QuickstartFork, run: QuickstartRun): readonly string[] {
  const lost = diff.objects.filter(({ type, where }) => type === 'contradiction' && where === 'left');
  return lost.flatMap(({ id }) => {
    const weaker = weakerClaim(run, id);
    if (weaker === undefined || weaker.confidence >= Number(setting.after)) return [];
    return [
      line`A contradiction is flagged when both of its claims are at least that certain; ${weaker.id} has a confidence of ${weaker.confidence}, so`,
      line`${id} of ${run.runId} is not in ${runId}.`,
    ];
  });
}

interface SureClaim {
  readonly id: string;
  readonly confidence: number;
}

function weakerClaim({ find }: QuickstartRun, contradictionId: string): SureClaim | undefined {
  const data = find(contradictionId)?.data ?? {};
  const claims = [data['claim_a_id'], data['claim_b_id']].flatMap((id): readonly SureClaim[] => {
    const confidence = typeof id === 'string' ? find(id)?.data['confidence'] : undefined;
    return typeof id === 'string' && typeof confidence === 'number' ? [{ id, confidence }] : [];
  });
  return claims.toSorted((left, right) => left.confidence - right.confidence)[0];
}

/** Title, summary and contradictions of a memo: enough to see that it says something else. */
function shortMemo(memo: GraphObject, find: QuickstartRun['find']): readonly string[] {
  const lines = memoText(memo, { find });
  const contradictions = lines.indexOf('Open Contradictions');
  return [
    ...lines.slice(0, lines.indexOf('Thesis Questions Addressed')),
    ...lines.slice(contradictions, lines.indexOf('Risks') - 1),
  ];
}

function newMemos({ diff, find }: QuickstartFork): readonly GraphObject[] {
  return diff.objects
    .filter(({ type, where }) => type === 'memo' && where === 'right')
    .map(({ id }) => find(id))
    .filter((memo) => memo !== undefined);
}

function approvalLines({ approvals }: QuickstartRun): readonly string[] {
  return approvals.map(({ id, objectType, reason }) => line`  ${id}  ${objectType}  ${reason}`);
}

function nextLines({ run, fork, url, program }: QuickstartText): readonly string[] {
  const command = (...words: readonly string[]): string => line`  ${[program, ...words].join(' ')}`;
  const named = ['--run-id', run.runId];
  const review = command('quickstart', '--review', '--store', quoted(url));
  if (url.startsWith('memory:'))
    return ['  The run was kept in memory and is gone with this process.', command('quickstart')];
  return [
    command('runs', quoted(url)),
    command('inspect', quoted(url), ...named, '--tail', '20'),
    command('inspect', quoted(url), ...named, '--behaviors'),
    ...(fork === null ? [] : [command('inspect', quoted(url), ...named, '--event', fork.atEvent)]),
    command('export-trace', quoted(url), ...named),
    '',
    ...(run.approvals.length === 0
      ? ['  # the same with memos and risks that wait for your approval:', review]
      : [
          '  # decide on all of them, then let the run go on; memos are put up once risks are granted:',
          ...run.approvals.map(({ id }) => command('approve', quoted(url), id, ...named, '--by', 'me')),
          review,
        ]),
  ];
}

/** A URL with a blank or another character that a shell would take as its own is quoted. */
function quoted(url: string): string {
  return /^[\w:/.@%+=,~-]+$/.test(url) ? url : `'${url.replaceAll("'", "'\\''")}'`;
}
