/** Decides how all rows about artifacts and all artifacts of a store are gone through: a page at a time. */
import type { ArtifactInfo, ArtifactStore } from '../../effects/index.ts';
import type { SessionLogStore, StoredRecord } from '../../log/index.ts';
import { artifactKind } from '../store/documents.ts';

const pageSize = 500;

export async function* allRows(log: Pick<SessionLogStore, 'findRecords'>): AsyncGenerator<StoredRecord> {
  for (let offset = 0; ;) {
    const query = { kind: artifactKind, orderBy: 'created' };
    const page = await log.findRecords(query, { limit: pageSize, offset });
    yield* page;
    if (page.length < pageSize) return;
    offset += page.length;
  }
}

export async function* allArtifacts(
  artifacts: Pick<ArtifactStore, 'list'>,
  prefix = '',
): AsyncGenerator<ArtifactInfo> {
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<ArtifactStore['list']>> = await artifacts.list({
      prefix,
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    yield* page.artifacts;
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
