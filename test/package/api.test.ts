// The public API: what every subpath hands out, as it was agreed on. `./dev fix` writes the snapshot; its difference is what a
// review looks at.
import { describe, expect, it } from 'vitest';
import { type PublicName, readPublicApi, readSnapshot, snapshotOf } from '../../scripts/public-api.ts';

const api = readPublicApi();

function told(names: readonly PublicName[]): readonly string[] {
  return names.map(({ specifier, name, kind }) => `${specifier}: ${kind} ${name}`);
}

describe('the public API', () => {
  const built = snapshotOf(api.names);
  const agreed = readSnapshot();

  it('has the subpaths of the snapshot', () => {
    expect([...agreed.keys()].sort()).toEqual([...built.keys()].sort());
  });

  it.each([...built])('is that of test/package/api/%s; when that is meant, run ./dev fix', (file, text) => {
    expect(text).toBe(agreed.get(file));
  });

  it('says what each of its names is for', () => {
    expect(told(api.names.filter(({ isDocumented }) => !isDocumented))).toEqual([]);
  });

  it('is typed everywhere', () => {
    expect(api.anys).toEqual([]);
  });

  it('needs for its types no package that is optional', () => {
    expect(api.packages).toEqual(['zod']);
  });

  it('is large enough to have been read at all', () => {
    expect(api.names.length).toBeGreaterThan(1000);
  });
});
