/** Decides what becomes of the artifacts of sessions that leave a store: they go when somebody says where they are, and else the session stays. */
import { isStructuredError } from '../../base/index.ts';
import type { ArtifactStore } from '../../effects/index.ts';
import { type Head, isSessionLogStore, type LogStore } from '../../log/index.ts';
import { artifactRowsOf } from '../../sessions/index.ts';

export class LeavingArtifacts {
  readonly #keys: ReadonlyMap<string, readonly string[]>;
  readonly #artifacts: ArtifactStore | null;
  readonly #isArchived: boolean;

  private constructor(
    keys: ReadonlyMap<string, readonly string[]>,
    artifacts: ArtifactStore | null,
    isArchived: boolean,
  ) {
    this.#keys = keys;
    this.#artifacts = artifacts;
    this.#isArchived = isArchived;
  }

  static async of(
    store: LogStore,
    heads: readonly Head[],
    { artifacts, isArchived }: { readonly artifacts: ArtifactStore | null; readonly isArchived: boolean },
  ): Promise<LeavingArtifacts> {
    const keys = new Map<string, readonly string[]>();
    for (const { logId } of heads) {
      const isSession = (await store.info(logId))?.kind === 'session' && isSessionLogStore(store);
      const rows = isSession ? await artifactRowsOf(store, logId) : [];
      keys.set(
        logId,
        rows.map(({ key }) => key),
      );
    }
    return new LeavingArtifacts(keys, artifacts, isArchived);
  }

  /** The keys that a session's artifacts have. */
  of(logId: string): readonly string[] {
    return this.#keys.get(logId) ?? [];
  }

  /** Why a session has to stay because of its artifacts; `null` when it may go. */
  problemOf(logId: string): string | null {
    const count = this.of(logId).length;
    if (count === 0) return null;
    if (this.#isArchived)
      return `It has artifacts (${count}), which this command does not archive. \`runlog maintain\` does, with archive_artifacts in its policy.`;
    return this.#artifacts === null
      ? `It has artifacts (${count}), and nothing says where their bytes are. Name their place: \`--artifacts FOLDER\` or s3://BUCKET/PREFIX.`
      : null;
  }

  /** Behind the removal of the session. What went wrong, or `null`. */
  async remove(logId: string): Promise<string | null> {
    try {
      for (const key of this.of(logId)) await this.#artifacts?.delete(key);
      return null;
    } catch (error) {
      if (!isStructuredError(error)) throw error;
      return `It is gone, and not all bytes of its artifacts are: ${error.whatFailed}`;
    }
  }

  /** Gives the room of bytes free that nothing names any more. */
  async sweep(): Promise<void> {
    await this.#artifacts?.sweep();
  }
}
