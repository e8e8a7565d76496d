/** Decides how a prompt is written in a pack: a text file with a version in front, known by the hash of its text. */
import { parse } from 'smol-toml';
import { checkArguments, type Sha256 } from '../base/index.ts';
import { promptInvalid } from './errors.ts';

/** A text of a pack, with its version. */
export interface PackPrompt {
  readonly name: string;
  readonly version: string;
  readonly body: string;
}

/** Reads `---`, TOML with `version` and optionally `name`, `---`, and the body. Throws `PackPromptLoadError`. */
export function parsePrompt(file: string, text: string): PackPrompt {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
  if (match === null)
    throw promptInvalid({ file, problem: 'it does not begin with frontmatter between two lines `---`' });
  const fields = parseFields(file, match[1] ?? '');
  if (typeof fields['version'] !== 'string')
    throw promptInvalid({ file, problem: 'the frontmatter has no text `version`' });
  const stem = file.split('/').at(-1)?.replace(/\.md$/, '') ?? file;
  const name = typeof fields['name'] === 'string' ? fields['name'] : stem;
  return Object.freeze({ name, version: fields['version'], body: (match[2] ?? '').trim() });
}

/** `sha256:` and the first 16 hex digits: what the log keeps of a prompt. */
export function promptHash(prompt: PackPrompt, sha256: Sha256): string {
  checkArguments('promptHash', { prompt: [prompt, 'with body'], sha256: [sha256, 'function'] });
  return `sha256:${sha256(prompt.body).slice(0, 16)}`;
}

function parseFields(file: string, toml: string): Readonly<Record<string, unknown>> {
  try {
    return parse(toml);
  } catch (cause) {
    throw promptInvalid({ file, problem: 'the frontmatter is not TOML', cause });
  }
}
