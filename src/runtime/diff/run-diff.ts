/** Decides what the difference of two runs is made of. `left` is the run that was named first. */
import type { JsonObject, JsonValue } from '../../base/index.ts';
import type { CommonPast, Kinship } from './common-past.ts';
import type { SideUsage } from './side-usage.ts';

/** Enough of an event to find it and to say who did it. */
export interface EventRef {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly actor: string | null;
}

/** One side of a comparison. */
export interface ComparedRun {
  readonly runId: string;
  readonly label: string | null;
  readonly events: number;
  readonly headHash: string;
  readonly parent: { readonly runId: string; readonly atSeq: number } | null;
}

/** A field with both values; `undefined` where it is missing. */
export interface FieldDifference {
  /** `data.status`, or `version` */
  readonly field: string;
  readonly left: JsonValue | undefined;
  readonly right: JsonValue | undefined;
  /** What set it; `null` on a side that has it from the shared past. */
  readonly leftEvent: EventRef | null;
  readonly rightEvent: EventRef | null;
}

export interface ElementDifference {
  readonly id: string;
  readonly type: string;
  /** `both`: it stands on both sides, with other fields. */
  readonly where: 'left' | 'right' | 'both';
  /** The data of what stands on one side only; `null` for `both`. */
  readonly data: JsonObject | null;
  /** For `both`: the fields that differ. */
  readonly fields: readonly FieldDifference[];
  /** The events behind the shared past that made, changed or removed it. */
  readonly leftEvents: readonly EventRef[];
  readonly rightEvents: readonly EventRef[];
}

/** An object that two runs have differently, and the events behind each value. */
export interface ObjectDifference extends ElementDifference {
  /** `null` on a side where it is not. */
  readonly leftVersion: number | null;
  readonly rightVersion: number | null;
}

/** A relation that two runs have differently, and the events behind each value. */
export interface RelationDifference extends ElementDifference {
  readonly source: string;
  readonly target: string;
}

/** What differs between two runs: their common past, events, objects, relations, usage. */
export interface RunDiff {
  readonly left: ComparedRun;
  readonly right: ComparedRun;
  readonly kinship: Kinship;
  /** Where they part: the last event that both read from one place. `null` without such an event. */
  readonly forkPoint: EventRef | null;
  readonly past: Pick<CommonPast, 'inheritedSeq' | 'equalSeq'>;
  readonly events: {
    /** Events that did the same, in the same order: all of the equal past, and what was done alike after it. */
    readonly shared: number;
    /** What one side alone did, without the events by which the loop writes down its course. */
    readonly onlyLeft: readonly EventRef[];
    readonly onlyRight: readonly EventRef[];
  };
  readonly objects: readonly ObjectDifference[];
  readonly relations: readonly RelationDifference[];
  /** What each side has used behind the equal past. */
  readonly usage: { readonly left: SideUsage; readonly right: SideUsage };
  /** No event and no element differs. */
  readonly isIdentical: boolean;
}
