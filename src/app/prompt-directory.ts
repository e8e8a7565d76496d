/** Decides how the prompts of a pack are read from a folder: every text file in it, each by the rules of a prompt. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PackPrompt, parsePrompt, promptInvalid } from '../packs/index.ts';

/**
 * The prompts of all `.md` files in a folder, by name. Rejects with `PackPromptLoadError` for a folder or a file that cannot be
 * read, and for a file that is no prompt.
 */
export async function loadPromptsFromDirectory(directory: string | URL): Promise<readonly PackPrompt[]> {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  const names = await readOrRefuse(folder, async () => readdir(folder));
  const prompts: PackPrompt[] = [];
  for (const name of names.filter((file) => file.endsWith('.md')).sort()) {
    const path = join(folder, name);
    const text = await readOrRefuse(path, async () => readFile(path, 'utf8'));
    prompts.push(parsePrompt(name, text));
  }
  return prompts.sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function readOrRefuse<Content>(path: string, read: () => Promise<Content>): Promise<Content> {
  try {
    return await read();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'it cannot be opened';
    throw promptInvalid({ file: path, problem, cause });
  }
}
