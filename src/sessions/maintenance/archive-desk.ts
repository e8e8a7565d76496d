/** Decides when the archive of a policy is opened: before the first session of which something goes, once, and never for a dry run. */
import type { LogInfo } from '../../log/index.ts';
import { recordsOf as artifactRecordsOf } from '../artifacts/artifact-registry.ts';
import { sessionError } from '../errors/session-error.ts';
import { archiveSession } from './archive-session.ts';
import type { SessionArchive } from './context.ts';
import type { Round } from './round.ts';

export class ArchiveDesk {
  readonly #round: Round;
  #archive: Promise<SessionArchive> | null = null;

  constructor(round: Round) {
    this.#round = round;
  }

  /** Resolves when the session may lose something. Rejects when it is to be archived and could not be. */
  async secure(info: LogInfo): Promise<void> {
    const { context, policy, isDryRun, archived } = this.#round;
    const { archiveBeforePrune, archiveStore, archiveArtifacts } = policy;
    if (!archiveBeforePrune || archiveStore === null || archived.has(info.id)) return;
    if (context.openArchive === undefined) throw noArchive();
    const { length } = await artifactRecordsOf(context.store, info.id);
    if (length > 0 && (archiveArtifacts === null || context.artifacts === undefined))
      throw noPlace(info.id, length);
    if (!isDryRun) {
      this.#archive ??= context.openArchive(archiveStore, archiveArtifacts);
      await archiveSession(context, info, await this.#archive);
    }
    archived.add(info.id);
  }

  async close(): Promise<void> {
    const archive = await this.#archive?.catch(() => null);
    await archive?.close();
  }
}

function noPlace(sessionId: string, count: number): Error {
  return sessionError(
    'maintenance_error',
    `session '${sessionId}' was not archived: it has ${count} artifacts, and nothing says from where to where`,
    {
      details: { session_id: sessionId, artifacts: count },
      howToFix:
        'Name the store of artifacts, and `archive_artifacts` in the policy. Nothing of the session went.',
    },
  );
}

function noArchive(): Error {
  return sessionError('validation_error', 'the policy has an archive, and this maintenance cannot open one', {
    details: { fields: ['archiveStore'] },
    howToFix: 'Give the context `openArchive`.',
  });
}
