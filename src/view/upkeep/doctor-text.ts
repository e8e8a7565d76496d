/** Decides how what a look at a store found is told: the worst first, each with what it means and what to do, and a sum at the end. */
import type { JsonObject } from '../../base/index.ts';
import { type CommandNames, fillIn } from '../text/error-text.ts';
import { type Paint, plainPaint, type Style } from '../text/paint.ts';
import { clean } from '../text/printable.ts';

/** One thing that is wrong. */
export interface FoundTrouble {
  readonly code: string;
  readonly severity: 'damage' | 'derived' | 'note';
  readonly where: string;
  readonly logId: string | null;
  readonly seq: number | null;
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

/** What is shown of a store that was checked. */
export interface StoreHealth {
  readonly location: string;
  readonly state: 'whole' | 'repairable' | 'damaged';
  readonly logs: number;
  readonly events: number;
  readonly counts: Readonly<Record<FoundTrouble['severity'], number>>;
  readonly findings: readonly FoundTrouble[];
  readonly repaired: readonly FoundTrouble[];
}

/** Colours, and the names of commands in advice. */
export interface HealthTextOptions {
  readonly paint?: Paint;
  /** What stands for the word URL in the commands that are recommended. */
  readonly names?: CommandNames;
}

const titles: Readonly<Record<FoundTrouble['severity'], readonly [word: string, style: Style]>> = {
  damage: ['damaged', 'bad'],
  derived: ['wrong', 'warning'],
  note: ['note', 'dim'],
};

/** The lines that a person reads of the health of a store. */
export function healthText(health: StoreHealth, options: HealthTextOptions = {}): readonly string[] {
  const { paint = plainPaint, names = {} } = options;
  const order = ['damage', 'derived', 'note'] as const;
  const sorted = order.flatMap((severity) => health.findings.filter((found) => found.severity === severity));
  const { counts, repaired } = health;
  const shown = sorted.filter(isAmongFirst(shownAtMost));
  const left = counts.damage + counts.derived + counts.note - shown.length;
  const done = repaired.filter(isAmongFirst(shownAtMost));
  const more = repaired.length - done.length;
  return [
    ...shown.flatMap((found) => troubleLines(found, paint, names)),
    ...(left > 0 ? [`and ${left} more like these; --json lists the first thousand`, ''] : []),
    ...done.map(({ where, what }) => `${paint('good', 'repaired')}  ${clean(where)}: ${clean(what)}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(repaired.length > 0 ? [''] : []),
    sumLine(health, paint),
  ];
}

/** What `--json` prints of the health of a store. */
export function healthToJson(
  health: StoreHealth,
  options: Pick<HealthTextOptions, 'names'> = {},
): JsonObject {
  const { location, state, logs, events, counts, findings, repaired } = health;
  const toJson = (found: FoundTrouble): JsonObject => ({
    code: found.code,
    severity: found.severity,
    where: found.where,
    run_id: found.logId,
    seq: found.seq,
    what: found.what,
    meaning: found.meaning,
    todo: fillIn(found.todo, options.names ?? {}),
  });
  return {
    store: location,
    state,
    runs: logs,
    events,
    counts: { ...counts },
    findings: findings.map(toJson),
    repaired: repaired.map(toJson),
  };
}

/** Nobody reads the same sentence a hundred times. */
const shownAtMost = 10;

/** True for the first so many of each code. */
function isAmongFirst(most: number): (found: FoundTrouble) => boolean {
  const seen = new Map<string, number>();
  return ({ code }) => {
    const count = (seen.get(code) ?? 0) + 1;
    seen.set(code, count);
    return count <= most;
  };
}

function troubleLines(found: FoundTrouble, paint: Paint, names: CommandNames): readonly string[] {
  const [word, style] = titles[found.severity];
  return [
    `${paint(style, word)}  ${clean(found.where)}  (${found.code})`,
    `  what   ${clean(found.what)}`,
    `  means  ${clean(found.meaning)}`,
    `  do     ${clean(fillIn(found.todo, names))}`,
    '',
  ];
}

function sumLine({ location, state, logs, events, counts }: StoreHealth, paint: Paint): string {
  const looked = `${logs} ${logs === 1 ? 'run' : 'runs'}, ${events} ${events === 1 ? 'event' : 'events'}`;
  const notes = counts.note === 0 ? '' : `, ${counts.note} to note`;
  const words = {
    whole: paint('good', 'whole'),
    repairable: `${paint('warning', 'history whole')}, ${counts.derived} to repair`,
    damaged: `${paint('bad', 'history damaged')} in ${counts.damage} ${counts.damage === 1 ? 'place' : 'places'}, ${counts.derived} to repair`,
  } as const;
  return `${clean(location)}: ${words[state]}${notes}; ${looked} looked at`;
}

/** What is shown of a backup. */
export interface BackupSummary {
  readonly file: string;
  readonly kind: 'file' | 'runs';
  readonly health: StoreHealth;
}

const copied: Readonly<Record<BackupSummary['kind'], string>> = {
  file: 'everything, as it was at one moment',
  runs: 'every run as it was when the runs were listed, in a new store',
};

/** The lines that a person reads of a backup. */
export function backupText(
  { file, kind, health }: BackupSummary,
  options: HealthTextOptions = {},
): readonly string[] {
  return [`backed up to ${clean(file)}: ${copied[kind]}`, ...healthText(health, options)];
}

/** What `--json` prints of a backup. */
export function backupToJson(
  { file, kind, health }: BackupSummary,
  options: Pick<HealthTextOptions, 'names'> = {},
): JsonObject {
  return { file, kind, health: healthToJson(health, options) };
}
