/**
 * Decides what a case is of the kits that ask a port other than a store: artifact stores, queries, maintenance, agents. The places
 * differ from port to port; how a case is written down and what it gets does not.
 */
import type { Canceller, Sha256, Sleep } from '../../base/index.ts';
import type { Mint } from '../../sessions/index.ts';

/** Where a case asks; it is removed afterwards, with everything that it holds. */
export interface PortPlace {
  destroy(): Promise<void>;
}

/** Makes places. Each case gets one of its own. */
export interface PortMaker<Place extends PortPlace> {
  readonly name: string;
  make(): Promise<Place>;
}

/** What a case gets. */
export interface PortContext<Place extends PortPlace> {
  readonly place: Place;
  /** A further place of the same maker; it is removed after the case. */
  readonly makePlace: () => Promise<Place>;
  /** Times that repeat, and ids that no other kit on this machine makes. */
  readonly mint: Mint;
  readonly sleep: Sleep;
  readonly newCanceller: () => Canceller;
  readonly sha256: Sha256;
}

/** A promise that an implementation may leave out, when its place says so. */
export interface PortNeed<Place extends PortPlace> {
  /** As the documentation calls it. */
  readonly promise: string;
  isDeclared(place: Place): boolean;
  /** What holds instead where it is not declared. */
  refuses(context: PortContext<Place>): Promise<void>;
}

/** One promise of a port, and how it is asked for. */
export interface PortCase<Place extends PortPlace> {
  /** Stable: reports and wrong implementations name it. */
  readonly id: string;
  readonly group: string;
  /** The properties of the session specification that it stands for; none for what is asked besides. */
  readonly properties: readonly number[];
  /** What goes wrong for whoever uses an implementation that breaks this promise. */
  readonly why: string;
  /** `null` for what every implementation has to do. */
  readonly needs: PortNeed<Place> | null;
  run(context: PortContext<Place>): Promise<void>;
}

type CaseBody<Place extends PortPlace> = Pick<PortCase<Place>, 'why' | 'run'> & {
  readonly properties?: readonly number[];
  readonly needs?: PortNeed<Place>;
};

/** Writes a group down: the name of a case is the rest of its id. */
export function portCases<Place extends PortPlace>(
  group: string,
  cases: Readonly<Record<string, CaseBody<Place>>>,
): readonly PortCase<Place>[] {
  return Object.entries(cases).map(([name, { why, run, needs = null, properties = [] }]) => ({
    id: `${group}/${name}`,
    group,
    properties,
    why,
    needs,
    run,
  }));
}
