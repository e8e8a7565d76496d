/** Decides how what somebody has written is found and put through its kit: a module whose default export makes stores, or agents. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  checkedOptions,
  checkOptionNames,
  ConfigurationError,
  errorClass,
  type StructuredError,
} from '../../base/index.ts';
import type {
  PortMaker,
  PortPlace,
  RunCasesOptions,
  RunStoreCasesOptions,
  SessionStoreMaker,
  StoreMaker,
  StoreReport,
} from '../../conformance/index.ts';
import { storeNotFound } from '../../log/index.ts';
import { checkOptionValue } from '../option-value.ts';
import { nodePlatform } from '../node-platform.ts';

/** A module was to make stores, and does not. */
export const StoreModuleError = errorClass('StoreModuleError', ConfigurationError);

/** The name of every option: one that is missing here, or is no option, does not compile. */
const kitNames: readonly string[] = Object.keys({
  timeLimitMs: true,
  groups: true,
  cases: true,
  onStart: true,
  onResult: true,
} satisfies Record<Exclude<keyof RunCasesOptions, 'platform'>, true>);
const storeKitNames: readonly string[] = [
  ...kitNames,
  ...Object.keys({ seed: true } satisfies Record<
    Exclude<keyof RunStoreCasesOptions, keyof RunCasesOptions>,
    true
  >),
];

/** All its cases are a third of what a program loads, and nearly none runs them. */
const loadKit = () => import('../../conformance/index.ts');

/**
 * Runs the kit on the store maker that a module exports. Rejects with `StoreNotFoundError` when there is no such file, and with
 * `StoreModuleError` when it cannot be loaded or exports something else.
 */
export async function checkStore(
  path: string,
  options: Omit<RunStoreCasesOptions, 'platform'> = {},
): Promise<StoreReport> {
  checkOptionNames('checkStore', checkedOptions('checkStore', options), storeKitNames);
  const maker = await loadStoreMaker(path);
  return (await loadKit()).runStoreCases(maker, { ...options, platform: nodePlatform });
}

/**
 * Runs the kit of session stores on the maker that a module exports. Rejects as `checkStore` does.
 */
export async function checkSessionStore(
  path: string,
  options: Omit<RunCasesOptions, 'platform'> = {},
): Promise<StoreReport> {
  checkOptionNames('checkSessionStore', checkedOptions('checkSessionStore', options), kitNames);
  const maker = await loadSessionStoreMaker(path);
  return (await loadKit()).runSessionCases(maker, { ...options, platform: nodePlatform });
}

/** The ports whose kits ask one process alone. */
export type CheckedPort = keyof typeof portPlaces;

/** What a place of each is made of. */
const portPlaces = {
  'artifact-store': '{ open, damage, sha256, limitBytes, outside, destroy }',
  query: '{ store, query, destroy }',
  maintenance: '{ store, maintenance, nowMs, destroy }',
  agent: '{ agent, away, works, fails, lasts, settings, destroy }',
} as const;

/**
 * Runs the kit of another port on the maker that a module exports. Rejects as `checkStore` does.
 */
export async function checkPort(
  port: CheckedPort,
  path: string,
  options: Omit<RunCasesOptions, 'platform'> = {},
): Promise<StoreReport> {
  checkOptionNames('checkPort', checkedOptions('checkPort', options), kitNames);
  checkOptionValue('checkPort', 'port', port, Object.keys(portPlaces));
  const whole = { ...options, platform: nodePlatform };
  const { agentCases, artifactStoreCases, maintenanceCases, queryCases, runPortCases } = await loadKit();
  const maker = <Place extends PortPlace>(): Promise<PortMaker<Place>> =>
    loadMaker<PortMaker<Place>>(path, isPortMaker, portPlaces[port]);
  if (port === 'agent') return runPortCases(agentCases, await maker(), whole);
  if (port === 'query') return runPortCases(queryCases, await maker(), whole);
  if (port === 'maintenance') return runPortCases(maintenanceCases, await maker(), whole);
  return runPortCases(artifactStoreCases, await maker(), whole);
}

/** The default export of a module: a `StoreMaker`, or a function that returns one. */
export async function loadStoreMaker(path: string): Promise<StoreMaker> {
  return loadMaker(path, isStoreMaker, placeText);
}

/** As `loadStoreMaker`, for session stores. */
export async function loadSessionStoreMaker(path: string): Promise<SessionStoreMaker> {
  return loadMaker(path, isSessionStoreMaker, sessionPlaceText);
}

const placeText = '{ leaseMs, open, otherHandle, reopen, passTime, destroy }';
const sessionPlaceText = '{ open, otherHandle, reopen, closeAll, destroy }';

async function loadMaker<Maker>(
  path: string,
  isMaker: (value: unknown) => value is Maker,
  place: string,
): Promise<Maker> {
  const file = await stat(path).catch(() => null);
  if (file === null) {
    throw storeNotFound({
      location: path,
      whatFailed: `There is no file '${path}'.`,
      howToFix:
        'Check the path: `ls .` lists what is there. Name the file of the module, such as `./my-store.ts`.',
    });
  }
  const exported = await defaultExportOf(path, place);
  const made = await madeBy(path, exported, place);
  if (isMaker(made)) return made;
  throw unfit(path, place, `its default export ${made === exported ? 'is' : 'returned'} ${describe(made)}`);
}

async function defaultExportOf(path: string, place: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(resolve(path)).href);
    return Reflect.get(Object(module), 'default');
  } catch (cause) {
    throw unfit(path, place, `it could not be loaded: ${textOf(cause)}`, cause);
  }
}

async function madeBy(path: string, exported: unknown, place: string): Promise<unknown> {
  if (typeof exported !== 'function') return exported;
  try {
    return await Reflect.apply(exported, undefined, []);
  } catch (cause) {
    throw unfit(path, place, `its default export was called and threw: ${textOf(cause)}`, cause);
  }
}

function isStoreMaker(value: unknown): value is StoreMaker {
  if (typeof value !== 'object' || value === null) return false;
  return typeof Reflect.get(value, 'name') === 'string' && typeof Reflect.get(value, 'make') === 'function';
}

function isPortMaker<Place extends PortPlace>(value: unknown): value is PortMaker<Place> {
  return isStoreMaker(value);
}

function isSessionStoreMaker(value: unknown): value is SessionStoreMaker {
  return isStoreMaker(value);
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing in it'}`;
}

function textOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}

function unfit(path: string, place: string, reason: string, cause?: unknown): StructuredError {
  return new StoreModuleError({
    summary: `'${path}' makes no stores: ${reason}`,
    whatFailed: `The module '${path}' was to export a maker of places, and ${reason}.`,
    why: 'The kit needs a fresh place for each case; a store alone would be full after the first.',
    howToFix: `Export \`default { name, make }\`, where \`make()\` resolves to a place: \`${place}\`.`,
    context: { path },
    cause,
  });
}
