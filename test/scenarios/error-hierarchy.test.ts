/** The error hierarchy of the specification: every class at the root of the package, under its categories, with its builtin. */
import * as runlog from 'runlog';
import type { ErrorClass } from 'runlog/base';
import { beforeAll, describe, expect, it, test, vi } from 'vitest';

type Builtin = 'Error' | 'RangeError' | 'TypeError' | 'SyntaxError' | 'NotFoundError';

/** Name, categories from the nearest, builtin, and the name of its page. */
const table: readonly (readonly [string, readonly string[], Builtin, string])[] = [
  ['RunlogError', [], 'Error', 'runlog-error'],
  ['ConfigurationError', [], 'Error', 'configuration-error'],
  ['InvalidRuntimeConfiguration', ['ConfigurationError'], 'RangeError', 'invalid-runtime-configuration'],
  ['InvalidArgumentType', ['ConfigurationError'], 'TypeError', 'invalid-argument-type'],
  ['IncompatibleRuntimeState', ['ConfigurationError'], 'Error', 'incompatible-runtime-state'],
  ['RegistrationError', [], 'Error', 'registration-error'],
  ['MissingProviderError', ['RegistrationError'], 'Error', 'missing-provider-error'],
  ['MissingToolError', ['RegistrationError'], 'Error', 'missing-tool-error'],
  ['MissingOptionalDependency', ['RegistrationError'], 'Error', 'missing-optional-dependency'],
  ['BehaviorNotFoundError', ['RegistrationError'], 'NotFoundError', 'behavior-not-found-error'],
  ['ToolNotFoundError', ['RegistrationError'], 'NotFoundError', 'tool-not-found-error'],
  ['AmbiguousBehaviorError', ['RegistrationError'], 'RangeError', 'ambiguous-behavior-error'],
  ['AmbiguousToolError', ['RegistrationError'], 'RangeError', 'ambiguous-tool-error'],
  ['InvalidToolRegistration', ['RegistrationError'], 'TypeError', 'invalid-tool-registration'],
  ['InvalidActivateAfter', ['RegistrationError'], 'RangeError', 'invalid-activate-after'],
  ['PackNotFoundError', ['RegistrationError'], 'NotFoundError', 'pack-not-found-error'],
  ['PackValidationError', ['RegistrationError', 'PackError'], 'Error', 'pack-validation-error'],
  ['PackConflictError', ['RegistrationError', 'PackError'], 'Error', 'pack-conflict-error'],
  ['PackVersionConflictError', ['RegistrationError', 'PackError'], 'Error', 'pack-version-conflict-error'],
  ['PackSettingsMissingError', ['RegistrationError', 'PackError'], 'Error', 'pack-settings-missing-error'],
  ['PackPromptLoadError', ['RegistrationError', 'PackError'], 'Error', 'pack-prompt-load-error'],
  ['ExecutionError', [], 'Error', 'execution-error'],
  ['LLMBehaviorError', ['ExecutionError'], 'Error', 'llm-behavior-error'],
  ['ToolError', ['ExecutionError'], 'Error', 'tool-error'],
  ['UnknownToolError', ['ExecutionError'], 'Error', 'unknown-tool-error'],
  ['ApprovalNotFoundError', ['ExecutionError'], 'NotFoundError', 'approval-not-found-error'],
  ['RuntimeContextRequiredError', ['ExecutionError'], 'Error', 'runtime-context-required-error'],
  ['InvalidPatchLifecycleState', ['ExecutionError'], 'RangeError', 'invalid-patch-lifecycle-state'],
  ['InternalEvaluatorError', ['ExecutionError'], 'RangeError', 'internal-evaluator-error'],
  ['ReplayError', [], 'Error', 'replay-error'],
  ['ReplayDivergenceError', ['ReplayError'], 'Error', 'replay-divergence-error'],
  ['StorageError', [], 'Error', 'storage-error'],
  ['SchemaVersionMismatch', ['StorageError'], 'Error', 'schema-version-mismatch'],
  ['EventNotFoundError', ['StorageError'], 'NotFoundError', 'event-not-found-error'],
  ['DuplicateEventError', ['StorageError'], 'RangeError', 'duplicate-event-error'],
  ['CorruptedEventPayloadError', ['StorageError'], 'Error', 'corrupted-event-payload-error'],
  ['NonSerializableEventError', ['StorageError'], 'TypeError', 'non-serializable-event-error'],
  ['InvalidStoreURL', ['StorageError'], 'RangeError', 'invalid-store-url-error'],
  ['RunNotFoundError', ['StorageError'], 'NotFoundError', 'run-not-found-error'],
  ['ConcurrentWriterError', ['StorageError'], 'Error', 'concurrent-writer-error'],
  ['PatternError', [], 'Error', 'pattern-error'],
  ['UnsupportedPatternError', ['PatternError'], 'SyntaxError', 'unsupported-pattern-error'],
  ['PackError', [], 'Error', 'pack-error'],
  ['PackSchemaViolation', ['PackError'], 'RangeError', 'pack-schema-violation'],
  ['ObjectNotFoundError', ['ExecutionError'], 'NotFoundError', 'object-not-found-error'],
  ['PatchNotFoundError', ['ExecutionError'], 'NotFoundError', 'patch-not-found-error'],
  ['InvalidPatchOperation', ['ExecutionError'], 'RangeError', 'invalid-patch-operation'],
  ['ReservedFieldError', ['ConfigurationError'], 'RangeError', 'reserved-field-error'],
  ['ReservedEventTypeError', ['ConfigurationError'], 'RangeError', 'reserved-event-type-error'],
  ['RuntimeClosedError', ['ExecutionError'], 'Error', 'runtime-closed-error'],
  ['RunOwnedError', ['StorageError'], 'Error', 'run-owned-error'],
];

const builtins: Readonly<Record<Builtin, abstract new (message: string) => Error>> = {
  Error,
  RangeError,
  TypeError,
  SyntaxError,
  NotFoundError: runlog.NotFoundError,
};

const details = {
  summary: 'one line',
  whatFailed: 'what failed',
  why: 'why',
  howToFix: 'how\nto fix',
  context: { n: 1 },
  cause: new Error('the cause'),
};

function classIn(place: object, name: string): ErrorClass {
  const found: unknown = Reflect.get(place, name);
  expect(found, `the root exports ${name}`).toBeTypeOf('function');
  return found as ErrorClass;
}

describe.each(table)('%s', (name, categories, builtin, code) => {
  it('is an error of the root and of its categories, and of no other category', () => {
    const error = new (classIn(runlog, name))(details);
    const known = table.filter(([, above]) => above.length === 0).map(([category]) => category);
    const held = known.filter((category) => error instanceof classIn(runlog, category));
    expect(new Set(held)).toEqual(
      new Set(['RunlogError', ...categories, ...(known.includes(name) ? [name] : [])]),
    );
    expect(error).toBeInstanceOf(runlog.ActiveGraphError);
  });

  it(`is caught where ${builtin} is caught`, () => {
    const error = new (classIn(runlog, name))(details);
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(builtins[builtin]);
    const others = (['RangeError', 'TypeError', 'SyntaxError', 'NotFoundError'] as const).filter(
      (other) => other !== builtin,
    );
    expect(others.filter((other) => error instanceof builtins[other])).toEqual([]);
  });

  it('carries its name, its code, its texts and its cause', () => {
    const error = new (classIn(runlog, name))(details);
    expect(error).toMatchObject({ ...details, name, code, docUrl: `https://runlog.dev/errors/${code}` });
    expect(runlog.isStructuredError(error)).toBe(true);
    expect(error.message).toBe(
      'one line\n\nWhat failed:\n  what failed\n\nWhy:\n  why\n\nHow to fix:\n  how\n  to fix',
    );
    expect(error.stack).toContain('one line');
  });
});

describe('with two copies of the package loaded', () => {
  let copy: typeof runlog;

  beforeAll(async () => {
    vi.resetModules();
    copy = await import('runlog');
  });

  it('the classes are not the same', () => {
    expect(copy.ToolError).not.toBe(runlog.ToolError);
  });

  it.each(table)('%s of one copy is known to the other', (name, categories, builtin) => {
    const error = new (classIn(copy, name))(details);
    for (const known of [name, ...categories, 'RunlogError'])
      expect(error).toBeInstanceOf(classIn(runlog, known));
    expect(error).toBeInstanceOf(builtins[builtin]);
    expect(runlog.isStructuredError(error)).toBe(true);
  });
});

test('an error without a cause has none', () => {
  const error = new runlog.ExecutionError({ ...details, cause: undefined });
  expect('cause' in error).toBe(false);
});

test('other errors, and what is no error, are not of this product', () => {
  for (const value of [
    new Error('x'),
    new RangeError('x'),
    null,
    undefined,
    'text',
    {},
    Object.create(null),
  ]) {
    expect(value instanceof runlog.RunlogError).toBe(false);
    expect(value instanceof runlog.NotFoundError).toBe(false);
    expect(runlog.isStructuredError(value)).toBe(false);
  }
});

test('a class that a program derives is told from the others', () => {
  class MyToolError extends runlog.ToolError {}
  const mine = new MyToolError(details);
  expect(mine).toBeInstanceOf(MyToolError);
  expect(mine).toBeInstanceOf(runlog.ToolError);
  expect(new runlog.ToolError(details)).not.toBeInstanceOf(MyToolError);
});
