import { expect, it, describe } from 'vitest';
import type { LogInfo } from '../../log/index.ts';
import { parseVersionLine, versionLineText } from './version-line.ts';

const sha256 = (): string => 'b'.repeat(64);

function parsed(createdAt: string): string {
  const head = { logId: 'a', seq: 1, hash: 'a'.repeat(64) };
  const info: LogInfo = {
    id: 'a',
    kind: 'run',
    label: null,
    createdAt,
    head,
    parent: null,
    lineage: [],
    epoch: 0,
    owner: null,
  };
  const text = versionLineText(info, head, null, sha256);
  return parseVersionLine(text, JSON.parse(text), sha256).createdAt;
}

describe('the time of creation of a run', () => {
  it.each(['2026-01-01T00:00:00Z', '2026-05-15T10:32:01.123456+00:00', '2026-05-15 10:32:01+00'])(
    'may be %s',
    (text) => {
      expect(parsed(text)).toBe(text);
    },
  );

  it.each(['', 'yesterday', '2026-13-01T00:00:00Z', '12'])('may not be %j', (text) => {
    expect(() => parsed(text)).toThrow('which is no moment of ISO 8601');
  });
});
