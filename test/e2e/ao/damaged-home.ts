// Decides what can be wrong with a legacy home: values that nobody expects, and files that are not what they were.
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { LegacyHome, lifecycle, orchestrator, uuid } from './legacy-home.ts';

/** A value somewhere in a record is another one. */
interface Change {
  readonly kind: 'value';
  readonly file: number;
  readonly key: string;
  readonly value: unknown;
}

/** A file is not what it was. */
interface Damage {
  readonly kind: 'cut' | 'noise' | 'gone' | 'folder' | 'empty';
  readonly file: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

const keys = [
  'role',
  'agent',
  'lifecycle',
  'status',
  'statePayload',
  'stateVersion',
  'createdAt',
  'worktree',
  'branch',
  'claudeSessionUuid',
  'displayName',
  'path',
  'sessionPrefix',
  'storageKey',
  'registeredAt',
  'agentConfig',
  'env',
  'symlinks',
  'postCreate',
  'worker',
  'orchestrator',
  'projects',
  'defaults',
  'version',
  '__proto__',
];

const oddText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '2026-02-31T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '../../x',
    '\ud800',
    'a\u0000b',
    '{"session":"{}"}',
  ),
);
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constant('value' as const),
  file: fc.nat(),
  key: fc.constantFrom(...keys),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    oddText,
    fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()),
  ),
});
const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom(
    'cut' as const,
    'noise' as const,
    'gone' as const,
    'folder' as const,
    'empty' as const,
  ),
  file: fc.nat(),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
});

export function soundHome(): LegacyHome {
  const home = new LegacyHome();
  home.registry({
    one: { sessionPrefix: 'one', registeredAt: 1779000000 },
    two: { storageKey: 'b1b2b3b4b5b6', displayName: 'Two' },
    three: { path: home.at('gone') },
  });
  const worktree = home.transcript('wt');
  home.session('one', 'one-orchestrator', orchestrator({ worktree, claudeSessionUuid: uuid }));
  home.session('one', 'one-orchestrator-2', orchestrator({ lifecycle: lifecycle({ state: 'terminated' }) }));
  home.session('one', 'one-1', orchestrator({ role: undefined }));
  home.write(
    home.base('b1b2b3b4b5b6/sessions/two-orchestrator'),
    'role=orchestrator\nagent=codex\nstatus=working\n',
  );
  home.write(home.base('projects/three/orchestrator.json'), orchestrator({ agent: 'opencode' }));
  home.write(home.base('portfolio/registered.json'), {
    version: 1,
    projects: [{ path: home.at('gone'), addedAt: '2026-04-02' }],
  });
  home.write(home.base('portfolio/preferences.json'), {
    version: 1,
    projects: { one: { displayName: 'One' } },
  });
  home.local('one', { agentConfig: { permissions: 'suggest' }, worker: { agent: 'codex' } });
  return home;
}

export function apply(home: LegacyHome, { file, ...step }: Change | Damage): void {
  const files = readdirSync(home.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const path = files[file % Math.max(files.length, 1)];
  if (path === undefined) return;
  const text = readFileSync(path);
  if (step.kind === 'value') writeFileSync(path, changed(text.toString(), step.key, step.value));
  if (step.kind === 'cut') truncateSync(path, Math.floor(text.length * step.at));
  if (step.kind === 'noise') {
    truncateSync(path, Math.floor(text.length * step.at));
    appendFileSync(path, step.bytes);
    appendFileSync(path, text.subarray(Math.floor(text.length * step.at)));
  }
  if (step.kind === 'empty') writeFileSync(path, '');
  if (step.kind === 'gone' || step.kind === 'folder') rmSync(path);
  if (step.kind === 'folder') mkdirSync(path);
}

/** At the top, and in each entry of the registry. */
function changed(text: string, key: string, value: unknown): string {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return text;
  const top = record as Record<string, unknown>;
  const { projects } = top;
  if (key !== 'projects' && typeof projects === 'object' && projects !== null) {
    for (const entry of Object.values(projects as Record<string, unknown>))
      if (typeof entry === 'object' && entry !== null) define(entry, key, value);
  } else define(top, key, value);
  return JSON.stringify(record);
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** What a home may have gone through, step by step. */
export const damages = fc.array(fc.oneof(change, damage), { maxLength: 6 });
