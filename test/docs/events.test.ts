import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isJsonObject } from '../../src/base/index.ts';
import { everyEvent } from './every-event.ts';

interface Described {
  readonly needed: readonly string[];
  readonly optional: readonly string[];
}

/** Event type -> the fields that its table lists; a `?` behind a name makes it optional. */
function describedTypes(): ReadonlyMap<string, Described> {
  const sections = readFileSync('docs/reference/events.md', 'utf8').split(/^#+ /m);
  const types = new Map<string, Described>();
  for (const section of sections) {
    const type = /^`([a-z_.]+)`\n/.exec(section)?.[1];
    if (type === undefined) continue;
    const fields = Array.from(section.matchAll(/^\| `(\w+)`(\??) \|/gm), ([, name = '', mark]) => ({
      name,
      mark,
    }));
    types.set(type, {
      needed: fields.filter(({ mark }) => mark === '').map(({ name }) => name),
      optional: fields.filter(({ mark }) => mark === '?').map(({ name }) => name),
    });
  }
  return types;
}

const described = describedTypes();
const events = await everyEvent();
const written = events.filter(({ type }) => type !== 'edge.made');

describe('the page of events', () => {
  it('lists exactly the types that are written', () => {
    expect([...described.keys()].toSorted()).toEqual(
      [...new Set(written.map(({ type }) => type))].toSorted(),
    );
  });

  it.each([...described])('lists the fields of %s', (type, { needed, optional }) => {
    const payloads = written.filter((event) => event.type === type).map(({ payload }) => payload);
    const keys = payloads.map((payload) => Object.keys(payload));
    // Beside a reason stand the extras of the failure, which the page names as such.
    const surplus = payloads.flatMap((payload) =>
      Object.keys(payload).filter(
        (key) => ![...needed, ...optional].includes(key) && payload['reason'] === undefined,
      ),
    );
    expect({
      surplus,
      missing: keys.map((names) => needed.filter((name) => !names.includes(name))).flat(),
      neverThere: optional.filter((name) => !keys.some((names) => names.includes(name))),
      alwaysThere: optional.filter((name) => keys.every((names) => names.includes(name))),
    }).toEqual({ surplus: [], missing: [], neverThere: [], alwaysThere: [] });
  });

  it('lists the fields of provenance', () => {
    const section = readFileSync('docs/reference/events.md', 'utf8')
      .split(/^## /m)
      .find((text) => text.startsWith('Provenance'));
    const listed = Array.from(section?.matchAll(/^\| `(\w+)`/gm) ?? [], ([, name = '']) => name);
    const found = written
      .flatMap(({ payload: { object } }) => (isJsonObject(object) ? [object['provenance']] : []))
      .flatMap((provenance) => (isJsonObject(provenance) ? Object.keys(provenance) : []));
    expect(new Set(listed)).toEqual(new Set(found));
  });

  it('lists every reason of models and tools', () => {
    const known = Array.from(
      readFileSync('src/effects/errors.ts', 'utf8').matchAll(/^ {2}'((?:llm|tool)\.\w+)':/gm),
      ([, reason = '']) => reason,
    );
    const page = readFileSync('docs/reference/events.md', 'utf8');
    const listed = Array.from(page.matchAll(/^\| `((?:llm|tool)\.\w+)` \|/gm), ([, reason = '']) => reason);
    expect(known.length).toBeGreaterThan(10);
    expect(listed.toSorted()).toEqual(known.toSorted());
  });
});
