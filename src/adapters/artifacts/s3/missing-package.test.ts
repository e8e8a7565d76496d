import { afterEach, expect, test, vi } from 'vitest';
import { InvalidRuntimeConfiguration, MissingOptionalDependency } from '../../../base/index.ts';
import { s3Artifacts } from './s3-artifacts.ts';

afterEach(() => {
  vi.doUnmock('@aws-sdk/client-s3');
  vi.resetModules();
});

test("without the vendor's package the first use says what to install, and nothing before it", async () => {
  vi.doMock('@aws-sdk/client-s3', () => {
    throw new Error("Cannot find package '@aws-sdk/client-s3'");
  });
  const store = s3Artifacts({ bucket: 'b' });
  const error: unknown = await store.head('a').catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(MissingOptionalDependency);
  expect(error).toMatchObject({ howToFix: 'Install it: `npm install @aws-sdk/client-s3@3`.' });
  await store.close();
});

test.each([
  [{ bucket: '' }, 'empty'],
  [{ bucket: 'b', prefix: 'x'.repeat(151) }, '151'],
  [{ bucket: 'b', limitBytes: 6 * 2 ** 30 }, '5 GiB'],
])('options that cannot work are refused at once: %j', (options, problem) => {
  expect(() => s3Artifacts(options)).toThrow(InvalidRuntimeConfiguration);
  expect(() => s3Artifacts(options)).toThrow(problem);
});
