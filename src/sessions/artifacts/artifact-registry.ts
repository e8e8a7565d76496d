/**
 * Decides which artifacts belong to which session: whoever puts through the registry has written it down, in the store of the
 * session. Bytes first, then the row: a crash in between leaves bytes that nobody names, never a name without bytes.
 */
import { checkArguments, type Sha256 } from '../../base/index.ts';
import type { ArtifactContent, ArtifactInfo, ArtifactStore, PutOptions } from '../../effects/index.ts';
import type { SessionLogStore, SessionPart, StoredRecord } from '../../log/index.ts';
import { sessionError } from '../errors/session-error.ts';
import { artifactKind } from '../store/documents.ts';
import type { SessionStore } from '../store/port.ts';
import { artifactIdOf, type ArtifactRow, artifactRowOf, artifactWrite, storeMark } from './artifact-row.ts';

/** The log, the store of artifacts and the hash of a registry. */
export interface ArtifactRegistryOptions {
  readonly log: SessionLogStore;
  readonly artifacts: ArtifactStore;
  readonly sha256: Sha256;
}

/** The artifacts of one session. Names are its own: two sessions may use the same. */
export interface SessionArtifacts {
  /** As `put` of the store, and written down. Rejects with `SessionNotFoundError` too. */
  put(name: string, content: ArtifactContent, options?: PutInSession): Promise<ArtifactInfo>;
  get(name: string): ReturnType<ArtifactStore['get']>;
  read(name: string): ReturnType<ArtifactStore['read']>;
  /** True when it was there. */
  delete(name: string): Promise<boolean>;
  /** All that are written down, in the order of their rows. */
  list(): Promise<readonly ArtifactRow[]>;
}

/** Options of an artifact that is kept for a session. */
export interface PutInSession extends PutOptions {
  /** The run that made it. */
  readonly runId?: string;
}

/** Keeps whose an artifact is, in the log of its session. */
export interface ArtifactRegistry {
  readonly log: SessionLogStore;
  readonly artifacts: ArtifactStore;
  of(sessionId: string): SessionArtifacts;
  /**
   * Deletes a session and its artifacts: the session first, so that none that is still there names what is gone. What a crash in
   * between leaves, `checkArtifacts` tells as orphans.
   */
  deleteSession(sessions: Pick<SessionStore, 'deleteSession'>, sessionId: string): Promise<void>;
}

/** Keeps artifacts for sessions: the bytes in a store of artifacts, whose they are in the log. */
export function artifactRegistry(options: ArtifactRegistryOptions): ArtifactRegistry {
  checkArguments('artifactRegistry', { options: [options, 'with log'] });
  const { log, artifacts, sha256 } = options;
  return Object.freeze({
    log,
    artifacts,
    of: (sessionId: string): SessionArtifacts => ({
      put: async (name, content, { runId, ...options } = {}) => {
        await requireSession(log, sessionId);
        const metadata = { ...options.metadata, [storeMark]: log.storeId };
        const info = await artifacts.put(artifactKey(sessionId, name), content, { ...options, metadata });
        const id = artifactIdOf(sessionId, info.key, sha256);
        const row = artifactWrite(
          { sessionId, runId: runId ?? null, info },
          { id, location: artifacts.location },
        );
        await log.commitSessions([present(sessionId)], [row]);
        return info;
      },
      get: async (name) => artifacts.get(artifactKey(sessionId, name)),
      read: async (name) => artifacts.read(artifactKey(sessionId, name)),
      delete: async (name) => {
        const key = artifactKey(sessionId, name);
        const id = artifactIdOf(sessionId, key, sha256);
        const record = await log.record(artifactKind, id);
        if (record !== undefined) {
          const gone = { kind: artifactKind, id, expectedVersion: record.version, value: null };
          await log.commitSessions([present(sessionId)], [gone]);
        }
        return (await artifacts.delete(key)) || record !== undefined;
      },
      list: async () => artifactRowsOf(log, sessionId),
    }),
    deleteSession: async (sessions: Pick<SessionStore, 'deleteSession'>, sessionId: string) => {
      const rows = await artifactRowsOf(log, sessionId);
      await sessions.deleteSession(sessionId);
      for (const { key } of rows) await artifacts.delete(key);
    },
  });
}

/** What the session has written down of its artifacts. */
export async function artifactRowsOf(
  log: SessionLogStore,
  sessionId: string,
): Promise<readonly ArtifactRow[]> {
  return (await recordsOf(log, sessionId)).map(artifactRowOf);
}

/** The id of a session has no slash here: `a/b` of session `c` is not `b` of session `c/a`. */
export function artifactKey(sessionId: string, name: string): string {
  return `${sessionId.replaceAll('%', '%25').replaceAll('/', '%2F')}/${name}`;
}

export async function recordsOf(log: SessionLogStore, sessionId: string): Promise<readonly StoredRecord[]> {
  const records = await log.recordsBelow(`${sessionId}/`);
  // A session whose id begins with this one's and a slash has its documents below it too.
  return records.filter(
    (record) => record.kind === artifactKind && artifactRowOf(record).sessionId === sessionId,
  );
}

/** Nothing is written into the log, and none is made: a session that is deleted meanwhile stays deleted. */
function present(sessionId: string): SessionPart {
  return { logId: sessionId, expected: 'any', epoch: null, events: [] };
}

async function requireSession(log: SessionLogStore, sessionId: string): Promise<void> {
  if ((await log.info(sessionId))?.kind === 'session') return;
  throw sessionError('session_not_found', `session '${sessionId}' is not there`, {
    details: { session_id: sessionId },
  });
}
