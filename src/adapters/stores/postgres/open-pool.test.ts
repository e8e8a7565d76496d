import { afterEach, expect, test, vi } from 'vitest';
import { InvalidRuntimeConfiguration, MissingOptionalDependency } from '../../../base/index.ts';
import { openPool } from './open-pool.ts';

afterEach(() => {
  vi.doUnmock('pg');
  vi.resetModules();
});

test('without the driver the error says what to install', async () => {
  vi.doMock('pg', () => {
    throw new Error("Cannot find package 'pg'");
  });
  const error = await openPool('postgres://host/db', 1).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(MissingOptionalDependency);
  expect(error).toMatchObject({ howToFix: 'Install it: `npm install pg@8`.' });
});

test('a URL that the driver cannot read is refused without its password', async () => {
  const error = await openPool('postgres://me:s3cret@[::1/db', 1).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(InvalidRuntimeConfiguration);
  expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  expect(error instanceof Error && error.cause).toBeUndefined();
});
