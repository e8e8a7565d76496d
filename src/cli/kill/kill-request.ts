/**
 * Decides what a process that the kit starts is asked to do, and how it reads that out of its command line: by hand, since one is started
 * for each death, and a library for it would take a third of its life.
 */
import type { Death, KillPort } from '../../conformance/index.ts';
import { usageError } from '../usage-error.ts';

/** Kills itself at write number `write`, counted from 1; in the middle of it `delayUs` after its beginning. */
export interface Kill {
  readonly write: number;
  readonly when: 'before' | 'middle' | 'after';
  readonly delayUs: number;
}

export type PlacedDeath = Death & { readonly address: string | null };

interface OfPort {
  readonly port: KillPort;
}

interface AtPlace extends OfPort {
  /** `null` for a place of its own, as a store in memory needs it. */
  readonly address: string | null;
}

/** Writes to its end, or until it kills itself. */
export interface Living extends AtPlace {
  readonly mode: 'live';
  readonly kill: Kill | null;
}

/** Asks what others have left. */
export interface Judging extends OfPort {
  readonly mode: 'judge';
  readonly deaths: readonly PlacedDeath[];
}

/** Writes while another process does. */
export interface Joining extends AtPlace {
  readonly mode: 'together';
  readonly writer: string;
}

/** Asks what those have left who wrote together. */
export interface JudgingTogether extends AtPlace {
  readonly mode: 'judge together';
}

/** Written into the command line as JSON. */
export type KillRequest = Living | Judging | Joining | JudgingTogether;

/** Throws `UsageError` for what no harness has written. */
export function readKillRequest(text: string): KillRequest {
  const request = parsed(text);
  if (isKillRequest(request)) return request;
  throw usageError(
    '--kill-child: this is no request of the harness that kills.',
    'runlog conformance',
    'Leave it out: `runlog conformance MODULE --kill` starts its processes itself.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isKillRequest(value: unknown): value is KillRequest {
  if (!hasFields(value) || !['store', 'session-store'].includes(String(value['port']))) return false;
  if (value['mode'] === 'judge')
    return Array.isArray(value['deaths']) && value['deaths'].every(isPlacedDeath);
  if (!isAddress(value['address'])) return false;
  if (value['mode'] === 'live') return value['kill'] === null || isKill(value['kill']);
  if (value['mode'] === 'together') return typeof value['writer'] === 'string';
  return value['mode'] === 'judge together';
}

function isKill(value: unknown): boolean {
  return (
    hasFields(value) &&
    Number.isInteger(value['write']) &&
    ['before', 'middle', 'after'].includes(String(value['when'])) &&
    typeof value['delayUs'] === 'number'
  );
}

function isPlacedDeath(value: unknown): boolean {
  return (
    hasFields(value) &&
    isAddress(value['address']) &&
    typeof value['moment'] === 'string' &&
    Number.isInteger(value['begun']) &&
    Number.isInteger(value['acknowledged'])
  );
}

function isAddress(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function hasFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
