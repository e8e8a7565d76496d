// Makers of agents, models and artifact stores refuse a name that they do not know: a misspelled list of commands would allow all of them.
import { createHash } from 'node:crypto';
import { nodePlatform, sha256 } from 'runlog';
import { claudeAgent } from 'runlog/agents/claude';
import { shellAgent } from 'runlog/agents/shell';
import { fileArtifacts } from 'runlog/artifacts/file';
import { s3Artifacts } from 'runlog/artifacts/s3';
import { redactor } from 'runlog/base';
import { memoryArtifacts, recordedModel, recordingModel, scriptedModel } from 'runlog/effects';
import { anthropicModel } from 'runlog/models/anthropic';
import { routedAgent, scriptedAgent } from 'runlog/sessions';
import { expect, test } from 'vitest';

type Misspelling = readonly [
  make: (options: never) => unknown,
  option: string,
  near: readonly string[],
  /** What has to be there, so that nothing but the name is wrong. */
  beside: object,
];

/** As a program without types would write it. */
function expectRefusal(...[make, option, near, beside]: Misspelling): void {
  const { name } = make;
  const call = (): unknown => Reflect.apply(make, null, [{ ...beside, [option]: ['echo'] }]);
  expect(call).toThrow(
    expect.objectContaining({
      code: 'invalid-runtime-configuration',
      summary: `\`${name}\` has no option '${option}'`,
      context: { call: name, option, near },
    }),
  );
}

const { newCanceller } = nodePlatform;
const fixtures = { store: {}, sha256 };
const recorder = { ...fixtures, inner: {}, nowMs: () => 0 };

test.each<Misspelling>([
  [shellAgent, 'allow', [], {}],
  [shellAgent, 'allowed', [], {}],
  [shellAgent, 'denied', [], {}],
  [shellAgent, 'deniedCommand', ['deniedCommands'], {}],
  [claudeAgent, 'inherits', ['inherit'], {}],
  [claudeAgent, 'allowedTools', [], {}],
  [scriptedAgent, 'capability', ['capabilities'], { play: async () => ({}), newCanceller }],
  [routedAgent, 'excludes', ['exclude'], { agents: [], platform: nodePlatform }],
])('%o refuses an option %s of an agent', (...misspelling) => {
  expectRefusal(...misspelling);
});

test.each<Misspelling>([
  [anthropicModel, 'baseURL', ['baseUrl'], {}],
  [scriptedModel, 'responses', ['respond'], {}],
  [recordedModel, 'model', [], { ...fixtures, defaultModel: 'm' }],
  [recordingModel, 'redactor', [], recorder],
])('%o refuses an option %s of a model', (...misspelling) => {
  expectRefusal(...misspelling);
});

test.each<Misspelling>([
  [memoryArtifacts, 'limitsBytes', ['limitBytes'], { newHash: () => createHash('sha256'), now: () => '' }],
  [s3Artifacts, 'end_point', ['endpoint'], { bucket: 'b' }],
])('%o refuses an option %s of an artifact store', (...misspelling) => {
  expectRefusal(...misspelling);
});

test('artifacts in a folder refuse a misspelled limit', () => {
  const misspelled: object = { limitByte: 1 };
  expect(() => fileArtifacts('artifacts', misspelled)).toThrow("`fileArtifacts` has no option 'limitByte'");
});

test('a redactor refuses misspelled patterns, which would find nothing', () => {
  expectRefusal(redactor, 'pattern', ['patterns'], {});
});
