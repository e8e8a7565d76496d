/** Decides which packs can be had: the shipped one, and the packages of this folder that say they are one (`runlog-pack` among their keywords). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkArguments,
  InvalidRuntimeConfiguration,
  isJsonObject,
  type JsonObject,
  type StructuredError,
  version,
} from '../../base/index.ts';

/** A pack that can be imported. */
export interface AvailablePack {
  readonly name: string;
  readonly version: string;
  /** What a program imports. */
  readonly entry: string;
}

/** What is read of a package.json. */
interface Manifest {
  readonly version: string;
  readonly keywords: readonly unknown[];
  /** Names of packages. */
  readonly dependencies: readonly string[];
}

/**
 * In the order of their names. A folder without a package.json has the shipped one alone. Rejects with
 * `InvalidRuntimeConfiguration` for a package.json that cannot be read or is no JSON object.
 */
export async function listPacks(folder = '.'): Promise<readonly AvailablePack[]> {
  checkArguments('listPacks', { folder: [folder, 'text'] });
  const shipped = { name: 'diligence', version, entry: 'runlog/packs/diligence' };
  const own = await manifestOf(folder);
  const names = own === null ? [] : own.dependencies;
  const found = await Promise.all(
    names.map(async (name) => {
      const installed = await manifestOf(join(folder, 'node_modules', name));
      const isPack = installed?.keywords.includes('runlog-pack') === true;
      return isPack ? [{ name, version: installed.version, entry: name }] : [];
    }),
  );
  return [shipped, ...found.flat()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** `null` where there is none: a dependency that is not installed cannot be imported. */
async function manifestOf(folder: string): Promise<Manifest | null> {
  const path = join(folder, 'package.json');
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isJsonObject(value)) return manifestFrom(value);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw unreadable(path, code, cause);
  }
  throw unreadable(path, null);
}

/** Other people's packages spell these in every way: what is no text or no list says nothing here. */
function manifestFrom({ version: stated, keywords, dependencies, devDependencies }: JsonObject): Manifest {
  const names = [dependencies, devDependencies].flatMap((named) =>
    isJsonObject(named) ? Object.keys(named) : [],
  );
  return {
    version: typeof stated === 'string' ? stated : '',
    keywords: Array.isArray(keywords) ? keywords : [],
    dependencies: [...new Set(names)],
  };
}

function unreadable(path: string, code: string | null, cause?: unknown): StructuredError {
  const problem = code === null ? 'it holds no JSON object' : `it cannot be read (${code})`;
  return new InvalidRuntimeConfiguration({
    summary: `'${path}' was not taken: ${problem}`,
    whatFailed: `The packs of this folder were looked for, and '${path}' was not taken: ${problem}.`,
    why: 'A list without the packs that it names would look like a list of all that can be had.',
    howToFix: 'Mend the file; for one of an installed package, install it again with `npm ci`.',
    context: { path, problem },
    cause,
  });
}
