/**
 * Decides how a session is brought into an archive before something of it goes: all its events and documents, gone on with where it was
 * archived before, and proved by reading everything back. Data that was pruned since stays in the archive.
 */
import type { Sha256 } from '../../base/index.ts';
import {
  chainHash,
  genesisHash,
  type Head,
  type LogInfo,
  type RecordWrite,
  type SessionLogStore,
  type StoredRecord,
} from '../../log/index.ts';
import { copyArtifacts } from '../artifacts/copy-artifacts.ts';
import { sessionError } from '../errors/session-error.ts';
import { sessionDocumentKinds } from '../store/documents.ts';
import type { MaintenanceContext, SessionArchive } from './context.ts';

/** Rejects when the archive does not hold the whole session afterwards; nothing may go of it then. */
export async function archiveSession(
  { store, sha256, artifacts }: Pick<MaintenanceContext, 'store' | 'sha256' | 'artifacts'>,
  info: LogInfo,
  archive: SessionArchive,
): Promise<void> {
  const { id, head } = info;
  if (archive.store.storeId === store.storeId) throw notArchived(id, 'the archive is the store itself');
  if (artifacts !== undefined && archive.artifacts !== null)
    await copyArtifacts(store, id, {
      from: artifacts,
      to: archive.artifacts,
      storeId: archive.store.storeId,
    });
  const documents = await documentsOf(store, id);
  await copyLog(store, info, archive.store, documents);
  await checkCopy(archive.store, head, documents, sha256);
}

async function copyLog(
  store: SessionLogStore,
  { id, head, label, createdAt }: LogInfo,
  archive: SessionLogStore,
  documents: readonly StoredRecord[],
): Promise<void> {
  const there = await archive.info(id);
  const after = there?.head.seq ?? 0;
  if (there !== undefined && (await hashAt(store, id, after)) !== there.head.hash)
    throw notArchived(id, `the archive has another session under this id, ${after} events long`);
  await archive.copyIn({
    log: { id, kind: 'session', label, createdAt },
    parent: null,
    after,
    epoch: null,
    replaces: null,
    pages: store.read(id, { after, before: head.seq + 1 }),
    records: () => documents.map(asWrite),
  });
}

/** The copy is what the head says, event by event, and the documents are the very texts. */
async function checkCopy(
  archive: SessionLogStore,
  { logId, seq, hash }: Head,
  documents: readonly StoredRecord[],
  sha256: Sha256,
): Promise<void> {
  let found = genesisHash;
  let places = 0;
  for await (const page of archive.read(logId)) {
    for (const event of page) found = chainHash(found, event, sha256);
    places += page.length;
  }
  if (found !== hash || places !== seq) throw notArchived(logId, 'its copy was read back as something else');
  for (const { kind, id, value } of documents) {
    if ((await archive.record(kind, id))?.value !== value)
      throw notArchived(logId, `the ${kind} '${id}' was read back as something else`);
  }
}

async function documentsOf(store: SessionLogStore, sessionId: string): Promise<readonly StoredRecord[]> {
  const below: StoredRecord[] = [];
  for (const record of await store.recordsBelow(`${sessionId}/`)) {
    if (!sessionDocumentKinds.has(record.kind)) continue;
    // A session whose id begins with this one's and a slash has its documents below it too.
    const rest = record.id.slice(sessionId.length + 1);
    if (!rest.includes('/')) below.push(record);
  }
  return below;
}

async function hashAt(store: SessionLogStore, logId: string, seq: number): Promise<string | null> {
  if (seq === 0) return genesisHash;
  for await (const [event] of store.read(logId, { after: seq - 1, limit: 1, hashes: true }))
    return event?.seq === seq ? event.hash : null;
  return null;
}

function asWrite({ kind, id, value, fields }: StoredRecord): RecordWrite {
  return { kind, id, expectedVersion: 'any', value, ...(fields === undefined ? {} : { fields }) };
}

function notArchived(sessionId: string, what: string): Error {
  return sessionError('maintenance_error', `session '${sessionId}' was not archived: ${what}`, {
    details: { session_id: sessionId },
    howToFix: 'Nothing of the session went. Put right what is named, and do the same again.',
  });
}
