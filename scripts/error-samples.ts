// Decides what the page of each error says: what the error means, and one sample of it, made by the function that makes
// the real one. A class without a sample is a category, or is made nowhere in this version; a test holds that.
import { fixtureKeyRefused } from '../src/adapters/fixtures/folder/errors.ts';
import { loadStoreMaker } from '../src/app/kit/check-store.ts';
import { writeOutputFile } from '../src/app/output-file.ts';
import { readPolicyFile } from '../src/app/sessions/policy-file.ts';
import { loadProgramFile } from '../src/app/program/program-file.ts';
import { checkVerified } from '../src/app/replay/verify-run.ts';
import { parseStoreUrl } from '../src/app/store-url/store-url.ts';
import { isStructuredError, type StructuredError } from '../src/base/index.ts';
import { usageError } from '../src/cli/usage-error.ts';
import * as effects from '../src/effects/index.ts';
import { invalidPrice } from '../src/effects/prices/price-errors.ts';
import * as graph from '../src/graph/errors.ts';
import { matchesWhere } from '../src/graph/where.ts';
import * as log from '../src/log/errors.ts';
import * as stores from '../src/log/store-errors.ts';
import { upcastFailed } from '../src/log/upcast-errors.ts';
import * as runtime from '../src/runtime/errors.ts';
import { invalidOverride } from '../src/runtime/fork/fork-errors.ts';
import { aoErrorPages } from './ao-error-samples.ts';
import { artifactErrorPages } from './artifact-error-samples.ts';
import type { ErrorPage } from './error-page.ts';
import { interchangeErrorPages } from './interchange-error-samples.ts';
import { promotions } from './promotion-samples.ts';
import { pack, registration } from './registration-samples.ts';
import { divergedReport } from './sample-report.ts';
import { sessionErrorPages } from './session-error-samples.ts';
import { schemaErrorPages } from './schema-error-samples.ts';
import { budgetFailure } from '../src/runtime/invocation/budget-failure.ts';

const owner = {
  owner: '0b1c9d6e-6f0e-4c2b-9d0e-3a1f5b7c8d90',
  host: 'build-4',
  pid: 4711,
  startedAt: '2026-11-21T09:00:00Z',
  expiresAt: '2026-11-21T09:00:30Z',
};

/** What a call throws; for errors whose maker stands inside the function that refuses. */
async function thrownBy(call: () => unknown): Promise<StructuredError> {
  try {
    await call();
  } catch (error) {
    if (isStructuredError(error)) return error;
    throw error;
  }
  throw new Error('a sample was to throw, and did not');
}

const categories: Readonly<Record<string, ErrorPage>> = {
  RunlogError: {
    meaning:
      'The root. Everything that runlog throws on purpose is an instance of it, whichever copy of the package made it. `ActiveGraphError` is a second name of this class.',
  },
  ConfigurationError: { meaning: 'The caller put options together that cannot work.' },
  RegistrationError: {
    meaning: 'A behavior, a tool or a pack does not fit what the runtime was given besides it.',
  },
  StorageError: { meaning: 'The log could not be read or written as asked.' },
  ReplayError: { meaning: 'Recorded history and what was just computed, or read, do not agree.' },
  PatternError: { meaning: 'A graph pattern is not understood.' },
  PackError: { meaning: 'A pack, or data of a type that a pack declares, was refused.' },
  ExecutionError: {
    meaning:
      'Something was asked of a run that it refuses. Inside a handler the error becomes a `behavior.failed` event; a call from outside rejects with it. Budget failures (`budget.…`) and `replay.diverged` are of this class itself.',
    sample: () =>
      budgetFailure('budget.cost_exhausted', 'the call may cost 0.04096 US dollars, 0.01 are left', {
        estimated_cost_usd: '0.04096',
        budget_remaining_usd: '0.01',
      }),
  },
};

const configuration: Readonly<Record<string, ErrorPage>> = {
  InvalidOverrideError: {
    meaning:
      'A fork was to have a setting that no loaded pack has, or a value that the pack does not take. No fork was made.',
    sample: () =>
      invalidOverride({
        setting: 'diligence.max_question',
        problem: "pack 'diligence' has no setting 'max_question'",
        howToFix: "Did you mean 'diligence.max_questions'?",
      }),
  },
  InvalidRuntimeConfiguration: {
    meaning:
      'Options exclude each other, or a value is out of its range: two behaviors of one name, an unknown budget dimension, two places for one run, a fork point inside the changes of one behavior.',
    sample: () => runtime.duplicateBehavior({ name: 'planner' }),
  },
  InvalidPriceError: {
    meaning: 'A table of prices has a row that cannot be used.',
    sample: () => invalidPrice({ row: 'claude/claude-opus-5', problem: "its rate of input is '5 $'" }),
  },
  InvalidArgumentType: {
    meaning: 'A value of the wrong type was handed to an entry point.',
    sample: () => runtime.notABehavior('function', undefined),
  },
  IncompatibleRuntimeState: {
    meaning: 'The present state of the runtime does not allow the call.',
    sample: () => runtime.settingsDiffer({ pack: 'diligence', runId: 'run_x', keys: ['max_questions'] }),
  },
  UsageError: {
    meaning: 'A command line was not understood.',
    sample: () => usageError("unknown option '--tial'", 'runlog inspect', 'Did you mean --tail?'),
  },
  ReservedEventTypeError: {
    meaning: 'An event was to be emitted whose type the runtime alone writes.',
    sample: () => graph.reservedEventType({ eventType: 'runtime.idle' }),
  },
  ReservedFieldError: {
    meaning:
      'The data of an object has a field `provenance` at its top. The runtime alone writes that field.',
    sample: () => graph.reservedField({ objectType: 'task', field: 'provenance' }),
  },
};

const execution: Readonly<Record<string, ErrorPage>> = {
  ObjectNotFoundError: {
    meaning: 'A change names an object, or a relation to remove, that the graph does not have.',
    sample: () => graph.objectNotFound({ id: 'task#9', operation: 'patchObject' }),
  },
  PatchNotFoundError: {
    meaning: 'A patch was to be applied or rejected that nobody proposed.',
    sample: () => graph.patchNotFound({ id: 'patch_009', operation: 'applyPatch' }),
  },
  DanglingRelationError: {
    meaning: 'A relation was to be made whose source or target is not in the graph.',
    sample: () => graph.danglingRelation({ relationType: 'depends_on', missing: 'task#9', side: 'target' }),
  },
  InvalidPatchOperation: {
    meaning: 'A patch was proposed with an operation other than `update` and `replace`.',
    sample: () => graph.invalidPatchOperation({ op: 'append' }),
  },
  InvalidPatchLifecycleState: {
    meaning: 'A patch was to be decided on that is applied or rejected already.',
    sample: () =>
      graph.invalidPatchLifecycle({ id: 'patch_001', status: 'applied', operation: 'rejectPatch' }),
  },
  LLMBehaviorError: {
    meaning:
      'A model call failed. Providers throw it with a reason; the reason ends up in `behavior.failed`. The reasons are listed in [events](../reference/events.md#reasons).',
    sample: () =>
      effects.llmError('llm.rate_limited', 'the vendor refused the request (429)', {
        retry_after_seconds: 2,
      }),
  },
  ToolError: {
    meaning:
      'A tool call failed. Tools throw it with a reason; the reason ends up in `tool.responded` and `behavior.failed`. The reasons are listed in [events](../reference/events.md#reasons).',
    sample: () => effects.toolError('tool.timeout', 'fetch_docs gave no answer within 30000 ms'),
  },
  UnknownToolError: {
    meaning: 'A model, or a handler, called a tool that the behavior does not list.',
    sample: () =>
      runtime.unknownTool({ behavior: 'researcher', tool: 'send_mail', declared: ['fetch_docs'] }),
  },
  ApprovalNotFoundError: {
    meaning: 'An approval was to be decided that is not pending: unknown, granted or denied already.',
    sample: () =>
      runtime.approvalNotFound({
        runId: 'demo',
        approvalId: 'approval_001',
        pending: ['approval_002'],
        decision: { verdict: 'denied', by: 'jane', eventId: 'evt_012', timestamp: '2026-01-01T00:00:00Z' },
      }),
  },
  ApprovalRequiredError: {
    meaning: 'A handler added an object directly whose type a policy puts behind an approval.',
    sample: () => runtime.approvalRequired({ objectType: 'memo', policy: 'memo_approval' }),
  },
  ...promotions,
  RuntimeContextRequiredError: {
    meaning: 'A handler used its graph or its context after it had ended.',
    sample: () => runtime.runtimeContextRequired({ method: 'ctx.callTool' }),
  },
  RuntimeClosedError: {
    meaning: 'A runtime was used after `close()`, or after it closed itself because a commit failed.',
    sample: () => runtime.runtimeClosed({ runId: 'run_x', cause: new Error('the disk is full') }),
  },
  InternalEvaluatorError: {
    meaning: 'A where-filter uses a word as an operator that is none.',
    sample: () => thrownBy(() => matchesWhere({ effort: 3 }, { effort: { '>': 1, between: [1, 2] } })),
  },
};

const replay: Readonly<Record<string, ErrorPage>> = {
  ReplayDivergenceError: {
    meaning: 'A verified replay gives other events than the recorded ones.',
    sample: () => thrownBy(() => checkVerified(divergedReport)),
  },
  UpcastError: {
    meaning:
      'The function of an upcast threw, returned no JSON object, or is missing for the version of a stored event. What is stored is unchanged.',
    sample: () =>
      upcastFailed({
        logId: 'run_x',
        eventId: 'evt_007',
        type: 'order.placed',
        from: 1,
        to: 2,
        problem: 'its function threw',
        cause: new TypeError('qty is not a number'),
      }),
  },
  MalformedRecordingError: {
    meaning: 'A recorded answer, in a log or in a fixture, lacks a field or has one of the wrong type.',
    sample: () => effects.malformedRecording({ where: 'evt_007', problem: "'input_tokens' is not a number" }),
  },
};

const storage: Readonly<Record<string, ErrorPage>> = {
  ProgramFileError: {
    meaning: 'A file that was named with `--program` does not hold a program, or fails while it is loaded.',
    sample: () => thrownBy(() => loadProgramFile('missing.js')),
  },
  PolicyFileError: {
    meaning:
      'A file that was named with `--policy` holds no policy of retention. `context.reason` is `missing` when it is not there; a command ends with 3 then, and with 2 otherwise.',
    sample: () => thrownBy(() => readPolicyFile('package.json')),
  },
  OutputFileError: {
    meaning: 'The output of a command could not be written to the file that was named.',
    sample: () =>
      thrownBy(() => writeOutputFile('docs', { force: false, storeUrl: 'memory:' }, async () => null)),
  },
  StoreModuleError: {
    meaning:
      'A module was named to `runlog conformance` that cannot be loaded, or whose default export makes no stores.',
    sample: () => thrownBy(() => loadStoreMaker('src/base/version.ts')),
  },
  InvalidStoreURL: {
    meaning: 'A text does not name a store. The error spells out the URL that was probably meant.',
    sample: () => thrownBy(() => parseStoreUrl('run.db')),
  },
  StoreNotFoundError: {
    meaning: 'There is no store at the place that was named.',
    sample: () =>
      stores.storeNotFound({
        location: 'runs.db',
        whatFailed: "The file 'runs.db' does not exist, and this call makes none.",
        howToFix: `Check the path: \`ls .\` lists what is there. ${stores.newStoreAdvice}`,
      }),
  },
  ForeignDatabaseError: {
    meaning: 'There is something at the place that was named, and it is not a store of runlog.',
    sample: () =>
      stores.foreignDatabase({
        location: 'notes.txt',
        whatFailed: 'The file is there, and it is not a SQLite database.',
        howToFix: 'Name the right file, or restore it from a backup.',
      }),
  },
  SchemaVersionMismatch: {
    meaning: 'The store was made by another version of runlog, with another layout.',
    sample: () =>
      stores.schemaVersionMismatch({
        location: 'run.db',
        found: '2',
        expected: '1',
        productVersion: '0.1.0',
        writtenBy: null,
        driver: 'sqlite',
      }),
  },
  StoreUnavailableError: {
    meaning:
      'The store is there and could not do its work. `context.reason` is `read-only`, `full`, `busy` or `io`; a command ends with 5 when it is `busy`.',
    sample: () =>
      stores.storeUnavailable({
        location: 'run.db',
        reason: 'full',
        whatFailed: 'SQLite said: database or disk is full.',
        howToFix: 'Free some space (`df -h .` shows how much there is) and repeat the call.',
      }),
  },
  StoreClosedError: {
    meaning: 'A store was used after its `close()`.',
    sample: () => log.storeClosed({ operation: 'read' }),
  },
  RunNotFoundError: {
    meaning: 'The store has no run of that id. Nothing was created.',
    sample: () => log.runNotFound({ logId: 'run_y', operation: 'load' }),
  },
  RunExistsError: {
    meaning: 'A new run or fork was to have an id that is taken.',
    sample: () => log.runExists({ logId: 'run_x' }),
  },
  EventNotFoundError: {
    meaning: 'The run has no event of that id.',
    sample: () => log.eventNotFound({ eventId: 'evt_999', logId: 'run_x', operation: 'fork' }),
  },
  RunNeededError: {
    meaning: 'A run was to be removed, and forks read their beginning from it. They are in `context.forks`.',
    sample: () => log.runNeeded({ logId: 'run_x', forks: ['what-if'] }),
  },
  RunOwnedError: {
    meaning: 'Another process, or another runtime of this process, is writing the run.',
    sample: () => log.runOwned({ logId: 'run_x', owner }),
  },
  ...schemaErrorPages,
  ...interchangeErrorPages,
  ...aoErrorPages,
  ...artifactErrorPages,
  FencedError: {
    meaning: 'A writer tried to append after somebody else had taken the run over.',
    sample: () => log.fenced({ logId: 'run_x', epoch: 3, actual: 4 }),
  },
  ConcurrentWriterError: {
    meaning: 'A log, or a document beside the logs, has moved on since the writer last saw it.',
    sample: () => log.concurrentWriter({ what: 'run', id: 'run_x', expected: 41, actual: 42 }),
  },
  DuplicateEventError: {
    meaning: 'An event was appended under an id that is taken by an event of other content.',
    sample: () => log.duplicateEvent({ logId: 'run_x', eventId: 'evt_004', fields: ['type', 'payload'] }),
  },
  InvalidCursorError: {
    meaning: 'A tail was to go on from a cursor of another store, of another tail, or of none.',
    sample: () =>
      log.unfitCursor({ cursor: '["tail",1,"5e8f…",null,"17"]', what: 'it belongs to another store' }),
  },
  InvalidEventError: {
    meaning:
      'A commit is larger than a store takes, or an id or a type is empty, too long or not well-formed.',
    sample: () =>
      log.invalidEvent({
        logId: 'run_x',
        what: '12000 events in one commit',
        limit: '10000 events a commit',
        context: { events: 12_000 },
      }),
  },
  NonSerializableEventError: {
    meaning:
      'A value for the log holds what JSON does not carry, such as `NaN`, a function or a class instance.',
    sample: () => log.nonSerializable({ path: 'report.scores[1]', found: 'NaN' }),
  },
  CorruptedEventPayloadError: {
    meaning: 'The stored payload of an event is not the text of a JSON object.',
    sample: () => {
      const text = '{broken';
      return log.corruptedPayload({
        logId: 'run_x',
        eventId: 'evt_004',
        text,
        cause: new SyntaxError("Expected property name or '}' in JSON at position 1"),
      });
    },
  },
  DamagedHistoryError: {
    meaning: 'A place of a log is missing, or its row cannot be read, or its hash does not fit.',
    sample: () => log.damagedHistory({ logId: 'run_x', seq: 7, what: 'An event is missing' }),
  },
  AtomicCommitUnsupportedError: {
    meaning:
      'The store writes one event or one document at a time (`capabilities.atomicCommit` is false), and was asked for a commit of several parts, for the copy of a fork, or to hold a run.',
    sample: () => log.atomicCommitUnsupported({ logId: 'run_x', what: 'the step of a run' }),
  },
  UnknownCommitError: {
    meaning: 'The database failed while it was committing, so the commit may or may not be stored.',
    sample: () => log.unknownCommit({ cause: new Error('disk I/O error') }),
  },
  FixtureStoreError: {
    meaning: 'A folder of recorded answers refused a key, or the file system refused the folder.',
    sample: () => fixtureKeyRefused({ key: '../secrets', folder: 'fixtures' }),
  },
};

/** By class name. */
export const errorPages: Readonly<Record<string, ErrorPage>> = {
  ...categories,
  ...configuration,
  ...registration,
  ...execution,
  ...replay,
  ...storage,
  ...pack,
  ...sessionErrorPages,
};
