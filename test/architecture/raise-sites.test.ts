// The page of raise sites is the list of what was looked at: nothing raw stands outside of it, and nothing in it has gone.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plant } from './planted-house.ts';
import { type Boundary, raiseSites } from './raise-rules.ts';
import { readHouse } from './read-house.ts';

const page = readFileSync('docs/internals/raise-sites.md', 'utf8');

function rowsBelow(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return Array.from(section.matchAll(/^\| `(.+?)` \| (.+?) \| (.+) \|$/gm), ([, ...cells]) => cells);
}

const boundaries: readonly Boundary[] = rowsBelow('Boundaries').map(([name = '', place = '']) => ({
  name,
  place: place.replaceAll('`', ''),
}));
const staying = rowsBelow('What stays').map(([place = '', whats = '', why = '']) => ({
  place,
  whats: Array.from(whats.matchAll(/`(.+?)`/g), ([, what = '']) => what),
  why,
}));

function covers(listed: string, place: string): boolean {
  return listed.endsWith('/') ? place.startsWith(listed) : place === listed || place.startsWith(`${listed}#`);
}

describe('the raise sites', () => {
  const sites = raiseSites(readHouse(), boundaries);

  it('that can let something raw out are those of the page', () => {
    const unknown = sites.filter(
      (site) => !staying.some(({ place, whats }) => covers(place, site.place) && whats.includes(site.what)),
    );
    expect(unknown).toEqual([]);
  });

  it('of the page are there', () => {
    const gone = staying.flatMap(({ place, whats }) =>
      whats
        .filter((what) => !sites.some((site) => covers(place, site.place) && site.what === what))
        .map((what) => `${place} ${what}`),
    );
    expect(gone).toEqual([]);
  });

  it('stay for a reason', () => {
    expect(staying.length).toBeGreaterThan(20);
    expect(staying.filter(({ why }) => why.trim().length < 10)).toEqual([]);
  });
});

const head = "import { readFileSync } from 'node:fs';\n";
const planted: readonly (readonly [code: string, found: number])[] = [
  [`export function f() { return readFileSync('a'); }`, 1],
  [`export function f() { try { return readFileSync('a'); } catch { return ''; } }`, 0],
  [`export function f() { try { return readFileSync('a'); } catch (error) { throw error; } }`, 1],
  [`export function f() { try { return readFileSync('a'); } finally { g(); } }`, 1],
  [`export function f() { try { return () => readFileSync('a'); } catch { return ''; } }`, 1],
  [`export function f() { return guarded('read', () => readFileSync('a')); }`, 0],
  [`export function f() { return JSON.parse('x'); }`, 1],
  [`export function f() { return Promise.reject(new RangeError('x')); }`, 1],
  [`export function f() { throw Error('x'); }`, 1],
];

describe('a planted raise site', () => {
  it.each(planted)('%s', (code, found) => {
    const house = plant({ 'src/app/a.ts': head + code });
    expect(raiseSites(house, [{ name: 'guarded', place: 'src/app/' }])).toHaveLength(found);
  });
});
