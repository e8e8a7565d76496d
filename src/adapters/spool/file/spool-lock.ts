/** Decides that one process at a time has a spool: a file beside it names the process, and one that names a dead process is taken over. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isJsonObject } from '../../../base/index.ts';
import { isGone, type ProcessIdentity, thisProcess } from '../../../host/index.ts';
import { spoolInUse } from './spool-errors.ts';

/** Paths that this process holds: its own identity would not tell two openings apart. */
const heldHere = new Set<string>();

/** Takes the lock of a path, and returns what gives it back. Rejects with `SessionStoreError` while another opening has it. */
export async function lockSpool(path: string): Promise<() => Promise<void>> {
  const self = thisProcess();
  const lock = `${path}.lock`;
  if (heldHere.has(path)) throw spoolInUse({ path, pid: self.pid, host: self.host });
  heldHere.add(path);
  try {
    await take(lock, path, self);
  } catch (error) {
    heldHere.delete(path);
    throw error;
  }
  return async () => {
    heldHere.delete(path);
    await rm(lock, { force: true });
  };
}

/** A file is made beside the lock and linked into its place: it is there whole, or another one is. */
async function take(lock: string, path: string, self: ProcessIdentity): Promise<void> {
  const fresh = `${lock}.${randomUUID()}`;
  await writeFile(fresh, JSON.stringify(self), { flush: true });
  try {
    while (!(await linked(fresh, lock))) {
      const holder = await readHolder(lock);
      if (holder === null) continue;
      const { identity } = holder;
      if (identity !== null && !isGone(identity, self))
        throw spoolInUse({ path, pid: identity.pid, host: identity.host });
      await takeAway(lock, holder.text);
    }
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Moves the lock of a dead process away. One that another process took over meanwhile is put back. */
async function takeAway(lock: string, expected: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== expected) await linked(aside, lock);
  await rm(aside, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds it: `null` for a lock that is not there, an identity of `null` for one of which a loss of power has left nothing. */
async function readHolder(
  lock: string,
): Promise<{ readonly text: string; readonly identity: ProcessIdentity | null } | null> {
  let text: string;
  try {
    text = await readFile(lock, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  // A lock is linked into its place when it is whole: an empty one is older than the start of this machine.
  if (text.replaceAll('\0', '') === '') return { text, identity: null };
  const value = parsed(lock, text);
  const named = isJsonObject(value) ? value : {};
  const field = (key: string): string => (typeof named[key] === 'string' ? named[key] : '');
  const pid = typeof named['pid'] === 'number' ? named['pid'] : 0;
  const identity = { host: field('host'), boot: field('boot'), pid, processStart: field('processStart') };
  return { text, identity };
}

function parsed(lock: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`'${lock}' is no lock of a spool: delete it when no process has the spool open`, {
      cause,
    });
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
