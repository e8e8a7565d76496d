/** Decides the words of each finding: how bad it is, what it means, and what to do. What was found is said by whoever found it. */
import { shellWord } from '../../base/index.ts';
import type { Finding, FindingCode, Severity } from './finding.ts';

interface Words {
  readonly severity: Severity;
  readonly meaning: string;
  readonly todo: string;
}

const restore =
  'Keep what is there, and restore a backup beside it. `runlog migrate --from URL --to sqlite:///saved.db` moves the runs that are whole.';
const restoreOnly = 'Keep what is there, and restore a backup beside it.';
const upToIt =
  'Restore a backup. `runlog export-trace URL --run-id RUN --format jsonl --until-damage --output before.jsonl` writes the events before the damage, and `runlog import before.jsonl --to sqlite:///salvaged.db` makes them a run that ends there; `runlog migrate --from URL --to sqlite:///saved.db` moves the runs that are whole.';
const repair = '`runlog doctor URL --repair` puts it right.';

const words: Readonly<Record<FindingCode, Words>> = {
  'file-damaged': {
    severity: 'damage',
    meaning: 'The file is not as the database wrote it. What else is told here may be a consequence.',
    todo: restore,
  },
  'index-wrong': {
    severity: 'derived',
    meaning: 'The rows are there, and looking them up may miss some. An index is made from its rows.',
    todo: repair,
  },
  'ground-unchecked': {
    severity: 'note',
    meaning: 'Nothing is known to be wrong with it.',
    todo: 'Nothing, unless reading fails.',
  },
  'foreign-object': {
    severity: 'note',
    meaning:
      'No store has it; somebody else made it here. It changes nothing by being there, and no backup or migration takes it along.',
    todo: 'Nothing, or move it to a database of its own.',
  },
  'foreign-trigger': {
    severity: 'note',
    meaning: 'It acts when this store is written, and can change or refuse what a program stores.',
    todo: 'Look at what it does, and drop it unless you want it.',
  },
  'tail-lost': {
    severity: 'damage',
    meaning:
      'What was committed last is not in the file any more, although it was acknowledged. The runs end earlier than they did.',
    todo: 'Whoever opens the file now makes the loss final, whoever only reads, too: commands such as `runs` wipe out what tells of it. Copy the file first, with its -wal and -shm. Put the right -wal back beside it when it was moved or cut off, or restore a backup.',
  },
  'log-unreadable': {
    severity: 'damage',
    meaning: 'Nothing can be read of this run, although its events may be whole.',
    todo: restoreOnly,
  },
  'lineage-broken': {
    severity: 'damage',
    meaning: 'Nobody can say which events this run begins with, so reading it is refused.',
    todo: restoreOnly,
  },
  'fork-dangling': {
    severity: 'damage',
    meaning: 'The fork reads its beginning from another run, and what it needs is not there as it was.',
    todo: restore,
  },
  'parent-missing': {
    severity: 'note',
    meaning: 'It reads nothing from that run, so nothing of it is lost.',
    todo: 'Nothing.',
  },
  'event-changed': {
    severity: 'damage',
    meaning:
      'The event, or the hash that was stored with it, was changed after it was written. The events before the first such place of the run are whole.',
    todo: `${upToIt} A fork that shares only whole events comes along by its name: \`runlog migrate --from URL --to sqlite:///saved.db --run-id FORK\` takes what it shares of this run, and with \`--detach\` it stands by itself.`,
  },
  'event-unreadable': {
    severity: 'damage',
    meaning: 'The run can be read up to this place only.',
    todo: upToIt,
  },
  'events-missing': {
    severity: 'damage',
    meaning: 'Events were removed, or never reached the disk. The run can be read up to this place only.',
    todo: upToIt,
  },
  'events-unreached': {
    severity: 'damage',
    meaning:
      'The run reads these places from the run that it was forked from; rows of its own were not written there.',
    todo: restore,
  },
  'events-orphaned': {
    severity: 'damage',
    meaning: 'The row of their run is gone, or was changed, so nobody reads them.',
    todo: restore,
  },
  'payload-no-json': {
    severity: 'damage',
    meaning: 'It is what was written, and no program can read it: loading the run is refused.',
    todo: upToIt,
  },
  'head-behind': {
    severity: 'derived',
    meaning: 'The events themselves prove that they follow: the row of the run is behind them.',
    todo: repair,
  },
  'head-ahead': {
    severity: 'damage',
    meaning: 'The last events of the run are gone.',
    todo: upToIt,
  },
  'head-hash-wrong': {
    severity: 'derived',
    meaning:
      'The chain of the events is whole; the hash in the row of the run is not that of its last event.',
    todo: repair,
  },
  'stray-ids-unmarked': {
    severity: 'derived',
    meaning: 'An event might not be found by its id.',
    todo: repair,
  },
  'subject-wrong': {
    severity: 'derived',
    meaning: 'The column is an aid for searching, and what it should say stands in the event.',
    todo: repair,
  },
  'document-unreadable': {
    severity: 'damage',
    meaning: 'Who needs this document cannot read it. It cannot be computed from history.',
    todo: restore,
  },
  'document-orphaned': {
    severity: 'damage',
    meaning: 'Documents go with their run. The row of the run was lost, or its id was changed.',
    todo: restore,
  },
  'snapshot-broken': {
    severity: 'derived',
    meaning: 'It is passed over, and loading reads the log instead. Nothing is lost with it.',
    todo: '`runlog doctor URL --repair` drops it; the next one takes its place.',
  },
  'row-differs': {
    severity: 'note',
    meaning: 'Its events are whole. Whoever reads the row is told another end than whoever reads the events.',
    todo: 'Look which of the two is right: `runlog export-trace URL --run-id RUN`. The program that keeps the session can save the row anew.',
  },
  'run-incomplete': {
    severity: 'note',
    meaning: 'What is there is whole. What `--skip-corrupted` left out never came.',
    todo: '`runlog inspect URL --run-id RUN` names them. Mend the source, and migrate it again: the run is replaced unless it has gone on since.',
  },
  'artifact-missing': {
    severity: 'damage',
    meaning: 'The session says that it has this artifact, and its bytes are not there.',
    todo: 'Look whether the right place was named. If it was, restore the artifacts from a backup; putting the same bytes again makes it whole.',
  },
  'artifact-damaged': {
    severity: 'damage',
    meaning: 'Its bytes are not those that were put. Reading it is refused.',
    todo: 'Restore the artifacts from a backup; putting the same bytes again makes it whole.',
  },
  'artifact-different': {
    severity: 'damage',
    meaning: 'Somebody has replaced it without writing that down beside the session.',
    todo: 'Look which of the two is right. Put through the registry of the session, the right one makes both agree.',
  },
  'artifact-orphaned': {
    severity: 'note',
    meaning:
      'It takes room, and no session needs it. It may have been put by another program, or at this moment.',
    todo: '`runlog maintain URL --policy FILE --artifacts PLACE` removes what was put for sessions of this store and is older than an hour.',
  },
  'artifacts-unchecked': {
    severity: 'note',
    meaning: 'Nothing is known about the artifacts.',
    todo: 'Put right what else is told, and look again.',
  },
  'owner-stale': {
    severity: 'note',
    meaning: 'Nobody is kept from writing by it. It is what a process leaves that was killed.',
    todo: 'Nothing. `runlog doctor URL --repair` takes it away.',
  },
  'repair-failed': {
    severity: 'derived',
    meaning: 'Nothing was changed.',
    todo: 'Mend what is named, and run the same command again.',
  },
};

export interface Found {
  readonly where: string;
  readonly what: string;
  readonly logId?: string;
  readonly seq?: number;
}

export function finding(code: FindingCode, { where, what, logId, seq }: Found): Finding {
  const { severity, meaning, todo } = words[code];
  return {
    code,
    severity,
    where,
    logId: logId ?? null,
    seq: seq ?? null,
    what,
    meaning,
    todo: logId === undefined ? todo : todo.replaceAll('RUN', () => shellWord(logId)),
  };
}

/** How a place of a run is called. */
export function placeOf(logId: string, seq?: number): string {
  return seq === undefined ? `run '${logId}'` : `run '${logId}', place ${seq}`;
}
