import { describe, expect, it } from 'vitest';
import { mapHarness } from './harness.ts';
import { mapPermission } from './permission.ts';
import { isProjectId } from './project-id.ts';
import { guessedPrefix, isSessionPrefix, prefixOfId } from './session-prefix.ts';
import { parseTime, timeOfMs, timeOfSeconds } from './timestamp.ts';
import { isTranscriptId, olderTranscriptSlug, transcriptSlug } from './transcript-slug.ts';

describe('isProjectId', () => {
  it.each(['', '.', '..', 'a..b', 'a/b', 'a\\b', '.hidden', '-a', '_a', 'a b', 'ä', 'a\n'])(
    '10: refuses %o',
    (id) => {
      expect(isProjectId(id)).toBe(false);
    },
  );

  it.each(['agent-orchestrator', 'repo_1', 'a.b', '0', 'A-1_b.c'])('10: takes %o', (id) => {
    expect(isProjectId(id)).toBe(true);
  });
});

describe('parseTime', () => {
  it.each([
    ['2026-06-18T00:00:00.000Z', '2026-06-18T00:00:00.000Z'],
    ['2026-06-18T00:00:00Z', '2026-06-18T00:00:00.000Z'],
    ['2026-06-18T01:02:03', '2026-06-18T01:02:03.000Z'],
    ['2026-06-18 01:02:03', '2026-06-18T01:02:03.000Z'],
    ['2026-06-18T01:02:03.4567+02:00', '2026-06-17T23:02:03.456Z'],
    ['2026-06-18T01:02:03-0230', '2026-06-18T03:32:03.000Z'],
    ['2026-06-18T00:00Z', '2026-06-18T00:00:00.000Z'],
    ['2026-06-18', '2026-06-18T00:00:00.000Z'],
    ['2026-06-18 01:02:03.456789 +0000 UTC', '2026-06-18T01:02:03.456Z'],
    [' 2026-06-18T00:00:00Z ', '2026-06-18T00:00:00.000Z'],
  ])('reads %s', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  it.each([
    '',
    '   ',
    'yesterday',
    '1780000000',
    1_780_000_000,
    '20260618T000000Z',
    'Thu, 18 Jun 2026 00:00:00 GMT',
    'Thu Jun 18 2026 02:00:00 GMT+0200 (CEST)',
    '2026-02-31T00:00:00Z',
    '2026-13-01',
    '2026-06-18T24:00:00Z',
    '2026-06-18T00:60:00Z',
    '1969-12-31T23:59:59Z',
    '2101-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    null,
    undefined,
    {},
  ])('refuses %o', (value) => {
    expect(parseTime(value)).toBeNull();
  });

  it('takes whole seconds as a number only, and nothing out of range', () => {
    expect(timeOfSeconds(1_779_000_000)).toBe('2026-05-17T06:40:00.000Z');
    for (const value of ['1779000000', -1, Number.NaN, 1e20, null]) expect(timeOfSeconds(value)).toBeNull();
    expect(timeOfMs(0)).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('transcript folders', () => {
  it.each([
    ['/home/u/.ao/data', '-home-u--ao-data'],
    ['C:\\Users\\d', 'C--Users-d'],
    ['/a_b c/é𝒳', '-a-b-c----'],
  ])('%s is %s', (path, slug) => {
    expect(transcriptSlug(path)).toBe(slug);
  });

  it('were named otherwise once', () => {
    expect(olderTranscriptSlug('/home/u/.ao/a_b')).toBe('-home-u--ao-a_b');
    expect(olderTranscriptSlug('C:\\Users\\d')).toBe('C-Users-d');
  });

  it.each(['11111111-2222-4333-8444-555555555555', 'ABCDEF01-2222-4333-8444-555555555555'])(
    'hold %s',
    (id) => {
      expect(isTranscriptId(id)).toBe(true);
    },
  );

  it.each([
    '',
    '../../x',
    '11111111-2222-4333-8444-55555555555',
    '11111111-2222-4333-8444-555555555555/..',
    'x',
  ])('never hold %o', (id) => {
    expect(isTranscriptId(id)).toBe(false);
  });
});

describe('the guessed prefix', () => {
  it.each([
    ['/r/api', 'api'],
    ['/r/AGENT', 'agent'],
    ['/r/MyBigApp', 'mba'],
    ['/r/mosaic-renderer-service', 'mrs'],
    ['/r/tide_web_app', 'twa'],
    ['/r/pebble', 'peb'],
    ['/r/Pebble', 'peb'],
    ['/r/a_b-c_d', 'ac'],
    ['/r/-x--long', 'xl'],
  ])('of %s is %s', (path, prefix) => {
    expect(guessedPrefix(path)).toBe(prefix);
  });

  it('49: of an id alone is its first twelve characters', () => {
    expect(prefixOfId('some-long-project-id')).toBe('some-long-pr');
  });

  it.each(['a/b', 'a\\b', '.', '..', '', 'a b'])('%o is not one', (prefix) => {
    expect(isSessionPrefix(prefix)).toBe(false);
  });
});

describe('mapPermission', () => {
  it.each([
    [undefined, null, null],
    ['', null, null],
    ['permissionless', 'bypass-permissions', null],
    ['skip', 'bypass-permissions', null],
    ['auto-edit', 'accept-edits', null],
    ['default', 'default', null],
    ['suggest', 'default', 'worker permission "suggest" mapped lossily to "default"'],
    ['wat', null, 'worker permission "wat" is not known - left out'],
    ['constructor', null, 'worker permission "constructor" is not known - left out'],
    [['skip'], null, 'worker permission "["skip"]" is not known - left out'],
  ])('%o is %o', (value, mapped, note) => {
    expect(mapPermission(value, 'worker', false)).toEqual({ value: mapped, note });
  });

  it('22: is default for what is not known, with strict parity', () => {
    expect(mapPermission('wat', 'project', true).value).toBe('default');
  });
});

describe('mapHarness', () => {
  it('23: knows twenty-three agents, and one by another name', () => {
    expect(mapHarness('autohand', false)).toBe('autohand');
    expect(mapHarness('kimicode', false)).toBe('kimi');
    expect(mapHarness('kimicode', true)).toBeNull();
    expect(mapHarness('', false)).toBeNull();
    expect(mapHarness('frobnicator', false)).toBeNull();
  });
});
