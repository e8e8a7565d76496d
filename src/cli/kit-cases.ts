/** Decides which kits there are for the ports of the package, and which names of groups and cases a command line may use. */
import { InvalidValue } from './arguments/invalid-value.ts';
import type { CheckedPort } from '../app/index.ts';
import {
  agentCases,
  allSessionCases,
  allStoreCases,
  artifactStoreCases,
  type KillPort,
  maintenanceCases,
  queryCases,
} from '../conformance/index.ts';
import { usageError } from './usage-error.ts';

/** What a module can be asked about. */
export type KitPort = KillPort | CheckedPort;
type NamedCases = readonly { readonly id: string; readonly group: string }[];

export const kits: Readonly<Record<KitPort, NamedCases>> = {
  store: allStoreCases,
  'session-store': allSessionCases,
  'artifact-store': artifactStoreCases,
  query: queryCases,
  maintenance: maintenanceCases,
  agent: agentCases,
};

interface NamedIn {
  readonly port: KitPort;
  readonly group?: readonly string[];
  readonly case?: readonly string[];
}

/** Throws for a name of another kit: it is a mistake of whoever typed it. */
export function checkCaseNames({ port, group = [], case: ids = [] }: NamedIn): void {
  const kit = kits[port];
  const foreign = [
    ...group.filter((name) => !kit.some((each) => each.group === name)),
    ...ids.filter((name) => !kit.some(({ id }) => id === name)),
  ];
  if (foreign.length === 0) return;
  const others = Object.entries(kits)
    .filter(([, cases]) =>
      foreign.every((name) => cases.some(({ id, group: of }) => id === name || of === name)),
    )
    .map(([name]) => `--port ${name}`);
  throw usageError(
    `${foreign.join(', ')}: not of the kit for --port ${port}.`,
    'runlog conformance',
    `Give ${[...others, 'a name of this kit'].join(', or ')}.`,
  );
}

/** Of all kits: which of them is meant is said by another option, which may stand behind this one. */
const allCases: NamedCases = Object.values(kits).flat();

export function knownGroup(name: string, before: readonly string[] = []): readonly string[] {
  const groups = new Set(allCases.map(({ group }) => group));
  if (!groups.has(name)) throw new InvalidValue(`The groups are ${[...groups].join(', ')}.`);
  return [...before, name];
}

export function knownCase(id: string, before: readonly string[] = []): readonly string[] {
  if (allCases.some((each) => each.id === id)) return [...before, id];
  const [group = ''] = id.split('/');
  const near = allCases.filter((each) => each.group === group);
  throw new InvalidValue(
    near.length === 0
      ? 'A case is called GROUP/NAME; --json lists all of them.'
      : `The cases of this group are ${near.map((each) => each.id).join(', ')}.`,
  );
}
