// Writes what the documentation says about the conformance kit: the groups and cases, and the wrong stores that it catches.
// With --check nothing is written, and a stale page ends with 1.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import {
  agentCases,
  allSessionCases,
  allStoreCases,
  artifactStoreCases,
  declares,
  killCases,
  maintenanceCases,
  queryCases,
  sessionKillCases,
  type StoreCase,
  togetherCases,
} from '../src/conformance/index.ts';
import type { StoreCapabilities } from '../src/log/index.ts';
import { allWrongStores } from '../test/conformance/wrong-stores/all-wrong-stores.ts';

type Declared = Pick<StoreCapabilities, 'durability' | 'atomicCommit'>;

const stores: readonly (readonly [name: string, declared: Declared])[] = [
  ['memory', { durability: 'memory', atomicCommit: true }],
  ['SQLite, `node:sqlite`', { durability: 'power', atomicCommit: true }],
  ['SQLite, better-sqlite3', { durability: 'process', atomicCommit: true }],
  ['PostgreSQL', { durability: 'power', atomicCommit: true }],
  ['PostgreSQL on PGlite', { durability: 'process', atomicCommit: true }],
  ['loop-append', { durability: 'process', atomicCommit: false }],
];

function counts(cases: readonly StoreCase[], declared: Declared): string {
  const refusals = cases.filter(
    ({ needs }) => needs !== null && !declares({ ...declared, shared: false }, needs.promise),
  ).length;
  return `${cases.length - refusals} + ${refusals}`;
}

const groups = [...new Set(allStoreCases.map(({ group }) => group))];

function groupTable(): string {
  const row = (name: string, cases: readonly StoreCase[]): string =>
    `| ${[name, ...stores.map(([, declared]) => counts(cases, declared))].join(' | ')} |`;
  return [
    `| group | ${stores.map(([name]) => name).join(' | ')} |`,
    `|---|${stores.map(() => '---|').join('')}`,
    ...groups.map((group) =>
      row(
        `\`${group}\``,
        allStoreCases.filter((storeCase) => storeCase.group === group),
      ),
    ),
    row('all', allStoreCases),
  ].join('\n');
}

function caseTables(): string {
  const all = [
    ...allStoreCases.map(({ needs, ...rest }) => ({ ...rest, needs: needs?.promise ?? '' })),
    ...killCases,
  ];
  return [...groups, 'kill']
    .map((group) => {
      const cases = all.filter((each) => each.group === group);
      const rows = cases.map(({ id, why, needs }) => `| \`${id}\` | ${needs} | ${why} |`);
      return [`### \`${group}\``, '', '| case | needs | why |', '|---|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}

interface SessionRow {
  readonly id: string;
  readonly group: string;
  readonly properties: readonly number[];
  readonly needs: string;
  readonly why: string;
}

function sessionRows(): readonly SessionRow[] {
  const needsDurability = { properties: [], needs: 'durability' };
  return [
    ...allSessionCases.map((each) => ({ ...each, needs: each.needs?.promise ?? '' })),
    ...sessionKillCases.map((each) => ({ ...each, properties: [] })),
    ...togetherCases.map((each) => ({ ...each, ...needsDurability })),
  ];
}

function portRows(
  cases: readonly (Omit<SessionRow, 'needs'> & { readonly needs: { readonly promise: string } | null })[],
): () => string {
  return () => tablesOf(cases.map((each) => ({ ...each, needs: each.needs?.promise ?? '' })));
}

function sessionCaseTables(): string {
  return tablesOf(sessionRows());
}

function tablesOf(all: readonly SessionRow[]): string {
  return [...new Set(all.map(({ group }) => group))]
    .map((name) => {
      const cases = all.filter(({ group }) => group === name);
      const rows = cases.map(
        ({ id, why, needs, properties }) => `| \`${id}\` | ${properties.join(', ')} | ${needs} | ${why} |`,
      );
      return [`### \`${name}\``, '', '| case | property | needs | why |', '|---|---|---|---|', ...rows].join(
        '\n',
      );
    })
    .join('\n\n');
}

type Propertied = readonly Pick<SessionRow, 'id' | 'properties'>[];

/** The kits whose cases stand for properties. */
const portsOfProperties: readonly (readonly [port: string, cases: Propertied])[] = [
  ['', allSessionCases],
  ['`artifact-store`', artifactStoreCases],
  ['`query`', queryCases],
  ['`maintenance`', maintenanceCases],
  ['`agent`', agentCases],
];

function propertyTable(): string {
  const byProperty = new Map<number, string[]>();
  for (const [port, cases] of portsOfProperties) {
    for (const { id, properties } of cases) {
      const name = `\`${id}\`${port === '' ? '' : ` of ${port}`}`;
      for (const property of properties)
        byProperty.set(property, [...(byProperty.get(property) ?? []), name]);
    }
  }
  const rows = [...byProperty]
    .sort(([left], [right]) => left - right)
    .map(([property, ids]) => `| ${property} | ${ids.join(', ')} |`);
  return ['| property | case |', '|---|---|', ...rows].join('\n');
}

function wrongStoreTable(): string {
  const rows = allWrongStores.map(({ name, caughtBy }) => `| ${name} | \`${caughtBy}\` |`);
  return ['| a store that … | is caught by |', '|---|---|', ...rows].join('\n');
}

/** Replaces what stands between the two marks of a name. */
function filled(text: string, name: string, content: string): string {
  const [start, end] = [
    `<!-- ${name}: written by scripts/conformance-pages.ts -->`,
    `<!-- end of ${name} -->`,
  ];
  const [before, rest = ''] = text.split(start);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`no place for ${name}`);
  return `${before}${start}\n\n${content}\n\n${end}${after}`;
}

const contents: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/reference/conformance.md': { groups: groupTable, cases: caseTables },
  'docs/reference/session-conformance.md': { 'session cases': sessionCaseTables, properties: propertyTable },
  'docs/reference/port-conformance.md': {
    'agent cases': portRows(agentCases),
    'query cases': portRows(queryCases),
    'maintenance cases': portRows(maintenanceCases),
    'artifact cases': portRows(artifactStoreCases),
  },
  'docs/internals/wrong-stores.md': { 'wrong stores': wrongStoreTable },
};

const stale: string[] = [];
for (const [path, parts] of Object.entries(contents)) {
  const present = readFileSync(path, 'utf8');
  let wanted = present;
  for (const [name, content] of Object.entries(parts)) wanted = filled(wanted, name, content());
  if (wanted === present) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) writeFileSync(path, wanted);
}
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`${stale.join(', ')}: not as the kit is; run \`./dev fix\`\n`);
  process.exitCode = 1;
}
