/**
 * Decides by which hashes a behavior is known again: one of what it declares, one of its code. They are written down when a
 * run is driven, so that whoever verifies it later is told what changed since.
 */
import { canonicalJson, isJsonObject, type JsonValue, type Sha256 } from '../../base/index.ts';
import type { Behavior } from '../behavior.ts';

export interface Fingerprint {
  /** Of the declaration: subscription, view, tools, and what a model is told. */
  readonly declared: string;
  /** Of the source text of its functions, as the program has it: another build has another one. */
  readonly code: string;
}

export function fingerprintOf(behavior: Behavior, sha256: Sha256): Fingerprint {
  const { on, where, view, activateAfter, relationType, llm, tools } = behavior;
  const declared = {
    on,
    where,
    view,
    activateAfter,
    relationType,
    tools: tools.map((tool) => (typeof tool === 'string' ? tool : tool.name)),
    llm: llm === null ? null : { ...llm, outputSchema: null, model: textOf(llm.model) },
  };
  return {
    declared: sha256(canonicalJson(plain(declared))),
    code: sha256(`${behavior.run.toString()}\n${textOf(behavior.when)}`),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'function' ? value.toString() : typeof value === 'string' ? value : '';
}

/** What JSON carries of a declaration. */
function plain(declared: object): JsonValue {
  const value: unknown = JSON.parse(JSON.stringify(declared));
  return isJsonObject(value) ? value : {};
}
