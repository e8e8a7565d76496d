// The modules that v0.8 of the original removed: none is exported here, and the guide names a successor for each that is.
import { globSync, readFileSync } from 'node:fs';
import * as root from 'runlog';
import * as sessions from 'runlog/sessions';
import { expect, test } from 'vitest';

const removed = ['DurableStore', 'NoopStore', 'SessionStoreBridge', 'SQLiteSessionStore'] as const;
/** The session store itself is a type: there is nothing of it at run time. */
const exported = new Set([...Object.keys(root), ...Object.keys(sessions), 'SessionStore']);

function rowsOfGuide(): ReadonlyMap<string, string> {
  const page = readFileSync('docs/guides/from-v0.7-to-v0.8-and-on.md', 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith('The modules that v0.8 removed')) ?? '';
  return new Map(
    Array.from(section.matchAll(/^\| `(\w+)` \|[^|]*\| (.+) \|$/gm), ([, name = '', instead = '']) => [
      name,
      instead,
    ]),
  );
}

test.each(removed)('no door of any room names %s', (name) => {
  const doors = globSync('src/**/index.ts');
  expect(doors.length).toBeGreaterThan(20);
  const named = doors.filter((door) => new RegExp(`\\b${name}\\b`).test(readFileSync(door, 'utf8')));
  expect(named).toEqual([]);
});

test.each(removed)('the guide gives %s a successor that is exported', (name) => {
  const instead = rowsOfGuide().get(name) ?? '';
  const successor = Array.from(instead.matchAll(/`(?:await )?(\w+)/g), ([, word = '']) => word)[0] ?? '';
  expect(exported).toContain(successor);
});
