/** Decides what handlers know about payloads at compile time: the events of this product, and those a program adds to the map. */
import type { JsonObject, JsonValue } from '../base/index.ts';
import type { LogEvent } from '../log/index.ts';

/**
 * Payloads by event type. Add your own by declaration merging:
 * `declare module 'runlog' { interface EventMap { 'task.completed': { task_id: string } } }`
 */
export interface EventMap {
  'goal.created': { readonly goal: string };
  'object.created': {
    readonly object: ElementPayload & { readonly data: JsonObject; readonly version: number };
    readonly id: string;
  };
  'object.removed': { readonly id: string };
  'relation.created': {
    readonly relation: ElementPayload & {
      readonly source: string;
      readonly target: string;
      readonly data: JsonObject;
    };
    readonly id: string;
    readonly source: string;
    readonly target: string;
  };
  'relation.removed': { readonly id: string };
  'patch.applied': { readonly patch: JsonObject; readonly target: string; readonly diff: JsonObject };
  'patch.rejected': {
    readonly patch_id: string;
    readonly target: string;
    readonly reason: string;
    readonly current_version: number;
  };
  'behavior.failed': {
    readonly behavior: string;
    readonly event_id: string;
    readonly exception_type: string;
    readonly message: string;
    readonly traceback: string;
    readonly reason?: string;
  };
}

interface ElementPayload {
  readonly id: string;
  readonly type: string;
  readonly provenance: JsonObject;
}

/** Any event type; those of the map are suggested. */
export type EventType = keyof EventMap | (string & {});

/** An event whose payload type follows from its type, where the map knows it. */
export type EventOf<Type extends EventType> = Type extends keyof EventMap
  ? Omit<LogEvent, 'type' | 'payload'> & { readonly type: Type; readonly payload: EventMap[Type] }
  : Omit<LogEvent, 'payload'> & { readonly payload: Readonly<Record<string, JsonValue>> };
