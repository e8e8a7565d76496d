// Decides what the pages of errors about packs, behaviors and tools say; the other pages are in error-samples.ts.
import { installEverythingLine, installLine, missingPackage, optionalFeatures } from '../src/base/index.ts';
import * as effects from '../src/effects/index.ts';
import * as graph from '../src/graph/errors.ts';
import { invalidUpcast } from '../src/log/upcast-errors.ts';
import * as diligence from '../src/packs/diligence/errors.ts';
import * as packs from '../src/packs/errors.ts';
import * as runtime from '../src/runtime/errors.ts';
import { nameAmbiguous, nameNotFound } from '../src/runtime/lookup-errors.ts';
import type { ErrorPage } from './error-page.ts';

/** As the page of install lines has it, too. */
export function installTable(): string {
  const rows = Object.values(optionalFeatures).map(
    (row) => `| ${row.feature} | \`${row.package}\` | \`${installLine(row)}\` |`,
  );
  const all = `| all of these | | \`${installEverythingLine()}\` |`;
  return ['| feature | package | install |', '|---|---|---|', ...rows, all].join('\n');
}

export const registration: Readonly<Record<string, ErrorPage>> = {
  MissingOptionalDependency: {
    meaning: 'A package that a feature needs is not installed.',
    sample: () => missingPackage('postgres', undefined),
    details: installTable(),
  },
  MissingProviderError: {
    meaning: 'A runtime was given an LLM behavior and no `model`.',
    sample: () => effects.missingProvider({ behavior: 'extractor' }),
  },
  MissingToolError: {
    meaning: 'A behavior lists a tool by a name that no given tool has.',
    sample: () =>
      effects.missingTool({ tool: 'fetch_docs', behavior: 'researcher', registered: ['word_count'] }),
  },
  InvalidToolRegistration: {
    meaning: 'A value was given as a tool that has no name or no `run` function.',
    sample: () => effects.invalidToolRegistration({ found: 'function' }),
  },
  InvalidActivateAfter: {
    meaning: '`activateAfter` is not a whole number of events from 1.',
    sample: () => runtime.invalidActivateAfter({ spec: '5 minutes', kind: 'wall-clock unit' }),
  },
  PackNotFoundError: { meaning: 'A pack was asked for by a name that no pack has.' },
  BehaviorNotFoundError: {
    meaning: 'A behavior was asked for by a name that none has.',
    sample: () => nameNotFound('behavior', 'reviews.jugde', ['planner', 'reviews.judge']),
  },
  ToolNotFoundError: {
    meaning: 'A tool was asked for by a name that none has.',
    sample: () => nameNotFound('tool', 'web_search', ['reviews.shop_name']),
  },
  AmbiguousBehaviorError: {
    meaning: 'A short behavior name fits behaviors of two packs.',
    sample: () => nameAmbiguous('behavior', 'judge', ['reviews.judge', 'essays.judge']),
  },
  AmbiguousToolError: {
    meaning: 'A short tool name fits tools of two packs.',
    sample: () => nameAmbiguous('tool', 'search', ['reviews.search', 'essays.search']),
  },
  InvalidUpcastError: {
    meaning: 'Upcasts were declared that do not lead from version 1 to the present one on exactly one way.',
    sample: () =>
      invalidUpcast({ type: 'order.placed', from: 2, to: 3 }, 'no upcast leads from version 1 to it'),
  },
  PackValidationError: {
    meaning: 'A pack was declared with a missing, malformed or repeated name, or without a version.',
    sample: () => packs.packInvalid({ pack: 'my_pack', problem: "behaviors has 'planner' twice" }),
  },
  PackConflictError: {
    meaning: 'A pack declares a name that something else in the run owns. The load changed nothing.',
    sample: () =>
      packs.packConflict({ kind: 'object type', name: 'claim', owner: 'diligence', pack: 'review' }),
  },
  PackVersionConflictError: {
    meaning: 'A run uses one version of a pack, and another version was to be loaded.',
    sample: () => packs.packVersionConflict({ pack: 'diligence', loaded: '0.1.0', attempted: '0.2.0' }),
  },
  PackSettingsMissingError: {
    meaning: 'The settings of a pack are missing or do not fit its schema.',
    sample: () =>
      packs.packSettings({
        pack: 'diligence',
        problem: 'max_questions: Invalid input: expected number, received string',
      }),
  },
  PackPromptLoadError: {
    meaning: 'A prompt file of a pack has no readable frontmatter or no version.',
    sample: () =>
      packs.promptInvalid({
        file: 'prompts/extractor.md',
        problem: 'the frontmatter has no text `version`',
      }),
  },
};

export const pack: Readonly<Record<string, ErrorPage>> = {
  PackSchemaViolation: {
    meaning: 'An object, a patch or a relation does not fit the type that was declared for it.',
    sample: () =>
      graph.schemaViolation({
        what: "an object of type 'claim'",
        owner: 'diligence',
        problem: 'confidence: Too big: expected number to be <=1',
        context: { object_type: 'claim' },
      }),
  },
  DiligenceError: {
    meaning:
      'A behavior of the Diligence pack cannot use the answer of its model: too few questions, or a memo without a single claim that can be checked. It is thrown inside a run, so it shows as `behavior.failed`.',
    sample: () => diligence.tooFewQuestions({ company: 'Northwind Robotics', found: 5, demanded: 8 }),
  },
  UnsupportedPatternError: { meaning: 'A pattern uses what the pattern language does not have.' },
};
