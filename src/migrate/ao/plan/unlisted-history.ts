/** Decides what is told of a home in which no registry lists a project: what is there all the same, and which command brings it. */
import { posix } from 'node:path';
import { shellWord } from '../../../base/index.ts';
import type { LegacyFiles } from '../legacy/legacy-files.ts';
import { homeNote, type Note } from '../note.ts';
import type { Places } from '../places.ts';

/** The first note says that nothing is migrated, and why; each of the others names a file that could be read in place of a registry. */
export function notesOnUnlisted(files: LegacyFiles, places: Places): readonly Note[] {
  const why = files.read(places.config).state === 'absent' ? 'it is not there' : 'it lists no project';
  const older = places.olderConfigs.find((path) => files.read(path).state === 'text');
  const hint = older === undefined ? '' : `; ${older} is there: \`${commandWith(older)}\` reads it`;
  return [
    homeNote(places.config, `nothing to migrate: ${why}${hint}`),
    ...hashedFolders(files, places.base).map((found) => noteOn(found, files)),
  ];
}

interface HashedFolders {
  /** The first of them. */
  readonly path: string;
  readonly projectIds: readonly string[];
  /** The file that the legacy tool was set up by; `null` when the folder does not tell. */
  readonly origin: string | null;
}

/** Folders of the layout without a registry. One file may have set up several projects, and is named once. */
function hashedFolders(files: LegacyFiles, base: string): readonly HashedFolders[] {
  const list = files.list(base);
  if (list.state !== 'entries') return [];
  const found = new Map<string, HashedFolders>();
  for (const { name, isFolder } of list.entries) {
    const id = /^[0-9a-f]{12}-(.+)$/.exec(name)?.[1];
    if (!isFolder || id === undefined || /(-observability|\.migrated)$/.test(name)) continue;
    const path = posix.join(base, name);
    const told = files.read(posix.join(path, '.origin'));
    const origin = told.state === 'text' && told.text.trim() !== '' ? told.text.trim() : null;
    const key = origin ?? path;
    const same = found.get(key);
    found.set(key, {
      path: same?.path ?? path,
      projectIds: [...(same?.projectIds ?? []), id],
      origin,
    });
  }
  return [...found.values()];
}

function noteOn({ path, projectIds, origin }: HashedFolders, files: LegacyFiles): Note {
  const ids = projectIds.map((id) => `'${id}'`).join(', ');
  const what = `holds sessions of ${ids}, from before there was a registry`;
  const byHand = `\`${commandWith('FILE')}\` with the \`agent-orchestrator.yaml\` of that project brings it`;
  if (origin === null) return homeNote(path, `${what}, and nothing says where its file is: ${byHand}`);
  return homeNote(
    path,
    files.read(origin).state === 'absent'
      ? `${what}; it was set up by ${origin}, which is not there: ${byHand}`
      : `${what}: \`${commandWith(origin)}\` brings it`,
  );
}

function commandWith(path: string): string {
  return `ao-migrate --config ${shellWord(path)}`;
}
