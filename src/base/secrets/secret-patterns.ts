/**
 * Decides what a secret looks like: tokens that begin with a known prefix, values behind a telling name, and exact texts.
 * These are data, not expressions, so that every pattern is found in time linear in the text and across the pieces of a stream.
 */
import {
  alphanumeric,
  base64Url,
  type CharacterClass,
  opaque,
  upperOrDigit,
  url,
  word,
} from './character-class.ts';

/** A token: its prefix, then at least `minCharacters` of a class; it ends where the class ends. */
export interface TokenShape {
  readonly category: string;
  readonly prefix: string;
  readonly minCharacters: number;
  readonly characters: CharacterClass;
  /** Class of what follows the first `minCharacters`; the same class without it. */
  readonly rest?: CharacterClass;
}

/** A name whose value is a secret. `~` stands for nothing, `-`, `_` or a space; case does not count unless `isExact`. */
export interface NameShape {
  readonly category: string;
  readonly name: string;
  readonly isExact: boolean;
}

/** A pattern of one's own. */
export type SecretPattern =
  /** `acme_` followed by at least `minCharacters` (20 by default) letters, digits, `_` or `-`. */
  | { readonly category: string; readonly prefix: string; readonly minCharacters?: number }
  /** The value behind this name, as in `name: value`, `name=value` and `"name":"value"`; case does not count. */
  | { readonly category: string; readonly name: string }
  /** Exactly this text, wherever it stands: a secret that the program itself holds. At least 4 characters. */
  | { readonly category: string; readonly text: string };

export interface PatternTable {
  readonly tokens: readonly TokenShape[];
  readonly names: readonly NameShape[];
  /** Bearer tokens, JSON web tokens and PEM keys, which have a shape of their own. */
  readonly hasBuiltIn: boolean;
}

/** Longer prefixes stand before the ones that they begin with. */
const tokens: readonly TokenShape[] = [
  { category: 'aws_access_key', prefix: 'AKIA', minCharacters: 16, characters: upperOrDigit },
  { category: 'aws_access_key', prefix: 'ASIA', minCharacters: 16, characters: upperOrDigit },
  { category: 'gcp_api_key', prefix: 'AIza', minCharacters: 35, characters: base64Url },
  { category: 'anthropic_key', prefix: 'sk-ant-', minCharacters: 20, characters: opaque },
  { category: 'openai_key', prefix: 'sk-proj-', minCharacters: 20, characters: base64Url },
  { category: 'openai_key', prefix: 'sk-svcacct-', minCharacters: 20, characters: base64Url },
  {
    category: 'openai_legacy_key',
    prefix: 'sk-',
    minCharacters: 40,
    characters: alphanumeric,
    rest: base64Url,
  },
  { category: 'github_fine_pat', prefix: 'github_pat_', minCharacters: 22, characters: word },
  { category: 'github_pat', prefix: 'ghp_', minCharacters: 36, characters: alphanumeric },
  { category: 'github_oauth', prefix: 'gho_', minCharacters: 36, characters: alphanumeric },
  { category: 'github_app', prefix: 'ghs_', minCharacters: 36, characters: alphanumeric },
  { category: 'github_app', prefix: 'ghu_', minCharacters: 36, characters: alphanumeric },
  { category: 'github_refresh', prefix: 'ghr_', minCharacters: 36, characters: alphanumeric },
  { category: 'gitlab_token', prefix: 'glpat-', minCharacters: 20, characters: base64Url },
  ...[
    'postgres',
    'postgresql',
    'mysql',
    'mariadb',
    'redis',
    'rediss',
    'mongodb',
    'mongodb+srv',
    'amqp',
    'amqps',
    'mssql',
    'sqlserver',
  ].map((scheme) => ({
    category: 'connection_string',
    prefix: `${scheme}://`,
    minCharacters: 1,
    characters: url,
  })),
];

const names: readonly NameShape[] = [
  ['aws_secret_key', 'aws~secret~access~key'],
  ['password', 'password'],
  ['password', 'passwd'],
  ['password', 'pwd'],
  ['api_key_generic', 'api~key'],
  ['secret_key', 'secret~key'],
  ['access_token', 'access~token'],
  ['auth_token', 'auth~token'],
  ['env_secret', 'DATABASE_URL', 'exact'],
  ['env_secret', 'REDIS_URL', 'exact'],
  ['env_secret', 'SECRET_KEY_BASE', 'exact'],
  ['env_secret', 'ENCRYPTION_KEY', 'exact'],
  ['env_secret', 'PRIVATE_KEY', 'exact'],
].map(([category = '', name = '', exact]) => ({ category, name, isExact: exact !== undefined }));

/** Every category that is found without patterns of one's own, in the order of the documentation. */
export const secretCategories: readonly string[] = [
  ...new Set([
    ...tokens.map(({ category }) => category),
    'jwt_token',
    'bearer_token',
    'private_key',
    ...names.map(({ category }) => category),
  ]),
];

/** The table of the built-in patterns, unless `replace`, and of `added`. */
export function patternTable(added: readonly SecretPattern[], replace: boolean): PatternTable {
  const ownTokens: TokenShape[] = [];
  const ownNames: NameShape[] = [];
  for (const pattern of added) {
    const { category } = pattern;
    if ('name' in pattern) ownNames.push({ category, name: pattern.name, isExact: false });
    else if ('text' in pattern)
      ownTokens.push({ category, prefix: pattern.text, minCharacters: 0, characters: 0 });
    else {
      const { prefix, minCharacters = 20 } = pattern;
      ownTokens.push({ category, prefix, minCharacters, characters: base64Url });
    }
  }
  return {
    tokens: replace ? ownTokens : [...ownTokens, ...tokens],
    names: replace ? ownNames : [...ownNames, ...names],
    hasBuiltIn: !replace,
  };
}

/** How a name may be spelled, in lower case: each `~` in four ways. */
export function spellingsOf(name: string): readonly string[] {
  const [first = '', ...rest] = name.toLowerCase().split('~');
  return rest.reduce<readonly string[]>(
    (spelled, part) => spelled.flatMap((start) => ['', '-', '_', ' '].map((gap) => `${start}${gap}${part}`)),
    [first],
  );
}
