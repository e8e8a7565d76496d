/** Decides how the store that a URL names is looked at for damage: below the port where an adapter can, and through the port otherwise. */
import type { ArtifactStore } from '../../effects/index.ts';
import {
  isSessionLogStore,
  type StoredRows,
  type WholeLogStore,
  withoutCredentials,
} from '../../log/index.ts';
import {
  type DoctorOptions as ExamineOptions,
  type DoctorReport,
  examineStore,
  portRows,
  withArtifacts,
  withoutArtifacts,
} from '../../upkeep/index.ts';
import { openArtifacts } from '../artifacts/open-artifacts.ts';
import { sha256 } from '../node-platform.ts';
import { openStore } from '../open-store.ts';
import { parseStoreUrl } from '../store-url/store-url.ts';
import { sayingMeant } from '../store-url/two-slashes.ts';
import { checkArguments, checkOptionNames, version } from '../../base/index.ts';

/** Which artifacts are checked with the store, and whether what can be is repaired. */
export interface DoctorOptions extends Omit<ExamineOptions, 'sha256'> {
  /** Where the artifacts of sessions are: a folder, an `s3:` URL, or an open store. All their bytes are read. */
  readonly artifacts?: string | ArtifactStore;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  artifacts: true,
  repair: true,
  onProgress: true,
  signal: true,
} satisfies Record<keyof DoctorOptions, true>);

/**
 * Walks every log of a store, computes its hashes again and compares everything that must agree; with `repair`, puts right what
 * follows from history. History is never changed. A URL is looked at below the port, an open store through it, which
 * sees less. Rejects with the errors of opening a store; what is wrong with one that can be opened is in the report.
 */
export async function doctor(
  target: string | WholeLogStore,
  options: DoctorOptions = {},
): Promise<DoctorReport> {
  checkArguments('doctor', { target: [target, 'text', 'with storeId'], options: [options, 'object'] });
  checkOptionNames('doctor', options, optionNames);
  const { artifacts, ...rest } = options;
  if (artifacts === undefined) return examined(target, rest);
  const opened = typeof artifacts === 'string' ? await openArtifacts(artifacts, 'read') : null;
  try {
    const store = typeof artifacts === 'string' ? opened?.store : artifacts;
    const report = await examined(target, rest);
    return store === undefined ? report : await compared(target, report, store, rest);
  } finally {
    await opened?.close();
  }
}

type Target = string | WholeLogStore;
type Asked = Omit<ExamineOptions, 'sha256'>;

async function examined(target: Target, options: Asked): Promise<DoctorReport> {
  const asked = { ...options, sha256 };
  if (typeof target === 'string') return examineStore(() => openRows(target), asked);
  return examineStore(async () => portRows(target, `store ${target.storeId}`), asked);
}

async function compared(
  target: Target,
  report: DoctorReport,
  artifacts: ArtifactStore,
  { signal }: Asked,
): Promise<DoctorReport> {
  // A file that lost its tail loses the trace of it when the database opens it.
  if (report.findings.some(({ code }) => code === 'file-damaged' || code === 'tail-lost'))
    return withoutArtifacts(report, 'Its artifacts were not looked at, because the file is damaged.');
  const store = typeof target === 'string' ? await openStore(target, { mode: 'read' }) : target;
  try {
    if (!isSessionLogStore(store)) return report;
    return await withArtifacts(report, { log: store, artifacts }, signal);
  } finally {
    if (typeof target === 'string') await store.close();
  }
}

async function openRows(url: string): Promise<StoredRows> {
  const parsed = parseStoreUrl(url);
  if (parsed.scheme === 'postgres') {
    const { openPostgresRows } = await import('../../adapters/stores/postgres/index.ts');
    return openPostgresRows({ url: parsed.url, schema: parsed.schema, productVersion: version });
  }
  if (parsed.scheme === 'sqlite') {
    const { openSqliteRows } = await import('../../adapters/stores/sqlite/index.ts');
    const { path } = parsed;
    return sayingMeant(url, () => openSqliteRows({ path, productVersion: version }));
  }
  return portRows(await openStore(url), withoutCredentials(url));
}
