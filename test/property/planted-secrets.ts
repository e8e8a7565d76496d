// Makes secrets of every category, texts to hide them in, and cuts of a text into pieces.
import * as fc from 'fast-check';

export interface PlantedSecret {
  readonly category: string;
  /** The secret as it stands in a text, with the name that tells of it. */
  readonly text: string;
  /** What must not be found anywhere afterwards. */
  readonly secret: string;
}

const characters = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength });
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const alphanumeric = `${upper}abcdefghijklmnopqrstuvwxyz`;
const base64Url = `${alphanumeric}_-`;
const base64 = `${alphanumeric}+/`;

function token(category: string, prefix: string, body: fc.Arbitrary<string>): fc.Arbitrary<PlantedSecret> {
  return body.map((text) => ({ category, text: prefix + text, secret: prefix + text }));
}

/** A name, a sign and a value, plain, quoted, as JSON and as JSON in JSON. */
function namedValue(category: string, names: readonly string[]): fc.Arbitrary<PlantedSecret> {
  const value = characters(`${base64Url}!$%&*.^`, 8, 24);
  const form = fc.constantFrom(
    (name: string, secret: string) => `${name}=${secret}`,
    (name: string, secret: string) => `${name}: ${secret}`,
    (name: string, secret: string) => `${name} = '${secret}'`,
    (name: string, secret: string) => `"${name}":"${secret}"`,
    (name: string, secret: string) => `"${name}" : "${secret}"`,
    (name: string, secret: string) => `\\"${name}\\": \\"${secret}\\"`,
  );
  return fc
    .tuple(fc.constantFrom(...names), form, value)
    .map(([name, write, secret]) => ({ category, text: write(name, secret), secret }));
}

const pem = fc
  .tuple(
    fc.constantFrom('', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED '),
    characters(base64, 64),
    fc.array(characters(base64, 64), { maxLength: 3 }),
    fc.constantFrom('\n', '\\n', '\r\n'),
  )
  .map(([kind, secret, more, newline]) => ({
    category: 'private_key',
    text: [`-----BEGIN ${kind}PRIVATE KEY-----`, ...more, secret, `-----END ${kind}PRIVATE KEY-----`].join(
      newline,
    ),
    secret,
  }));

const jwt = fc
  .tuple(characters(base64Url, 17, 60), characters(base64Url, 17, 60), characters(base64Url, 20, 43))
  .map(([head, body, signature]) => {
    const text = `eyJ${head}.eyJ${body}.${signature}`;
    return { category: 'jwt_token', text, secret: signature };
  });

const connection = fc
  .tuple(
    fc.constantFrom('postgres', 'postgresql', 'mysql', 'redis', 'mongodb', 'amqp', 'mssql'),
    characters(base64Url, 8, 20),
  )
  .map(([scheme, secret]) => ({
    category: 'connection_string',
    text: `${scheme}://user:${secret}@db.internal:5432/main`,
    secret,
  }));

/** One secret of any category of the built-in patterns. */
export const plantedSecret: fc.Arbitrary<PlantedSecret> = fc.oneof(
  token('aws_access_key', 'AKIA', characters(upper, 16)),
  namedValue('aws_secret_key', ['AWS_SECRET_ACCESS_KEY', 'aws-secret-access-key', 'awsSecretAccessKey']),
  token('gcp_api_key', 'AIza', characters(base64Url, 35)),
  token('anthropic_key', 'sk-ant-api03-', characters(base64Url, 20, 90)),
  token('openai_key', 'sk-proj-', characters(alphanumeric, 20, 60)),
  token('openai_legacy_key', 'sk-', characters(alphanumeric, 40, 60)),
  token('github_pat', 'ghp_', characters(alphanumeric, 36)),
  token('github_oauth', 'gho_', characters(alphanumeric, 36)),
  token('github_app', 'ghs_', characters(alphanumeric, 36)),
  token('github_refresh', 'ghr_', characters(alphanumeric, 36)),
  token('github_fine_pat', 'github_pat_', characters(`${alphanumeric}_`, 22, 82)),
  token('gitlab_token', 'glpat-', characters(base64Url, 20)),
  jwt,
  token('bearer_token', 'Bearer ', characters(`${base64Url}.~+/`, 20, 60)),
  namedValue('password', ['password', 'passwd', 'pwd', 'DB_PASSWORD']),
  namedValue('api_key_generic', ['api_key', 'apikey', 'API-KEY']),
  namedValue('secret_key', ['secret_key', 'secretKey']),
  namedValue('access_token', ['access_token', 'accessToken']),
  namedValue('auth_token', ['auth_token', 'AUTH-TOKEN']),
  connection,
  pem,
  namedValue('env_secret', ['DATABASE_URL', 'REDIS_URL', 'SECRET_KEY_BASE', 'ENCRYPTION_KEY', 'PRIVATE_KEY']),
);

/** Words, signs and odd characters, with no name or prefix of a secret among them but near misses. */
export const innocentText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        'the',
        'task-list',
        'passes',
        'key',
        'token',
        '{"a":1}',
        'eyJ',
        'sk-',
        '\n',
        'AKIA',
        '—',
      ),
      {
        maxLength: 6,
      },
    )
    .map((words) => words.join(' ')),
);

/** Words such as `toString` are drawn often, here and there: one that stands without a name or a prefix is no secret. */
export const surroundedSecret = fc
  .record({ before: innocentText, planted: plantedSecret, after: innocentText })
  .filter(({ before, planted: { secret }, after }) => !before.includes(secret) && !after.includes(secret));

/** The text in pieces of these sizes, empty ones included. */
export function cutInto(text: string, sizes: Iterable<number>): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (const size of sizes) {
    if (start >= text.length) break;
    pieces.push(text.slice(start, start + size));
    start += size;
  }
  return pieces;
}
