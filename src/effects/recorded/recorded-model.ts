/** Decides how a model answers from recordings alone: the same request gets the same answer, offline and for nothing. */
import { checkArguments, checkOptionNames, isJsonObject, type Sha256 } from '../../base/index.ts';
import { llmError, malformedRecording } from '../errors.ts';
import { type ModelProvider, type ModelRequest, requestHash, requestToJson } from '../model-port.ts';
import { responseFromPayload } from '../recorded-answer.ts';
import { estimateRequestTokens } from '../token-estimate.ts';
import { loadFixture } from './fixture-file.ts';
import type { FixtureStore } from './fixture-store.ts';
import { describeNearest, nearestFixture } from './nearest-fixture.ts';

/** Where recorded answers of models are read, the hash that names them, and the default model. */
export interface RecordedModelOptions {
  readonly store: FixtureStore;
  readonly sha256: Sha256;
  /** The default of the provider that was recorded: the model is a part of what a request is found by. */
  readonly defaultModel: string;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  store: true,
  sha256: true,
  defaultModel: true,
} satisfies Record<keyof RecordedModelOptions, true>);

/** Fails with `llm.fixture_missing` where nothing was recorded, and with `llm.fixture_malformed` where it cannot be read. */
export function recordedModel(options: RecordedModelOptions): ModelProvider {
  checkArguments('recordedModel', { options: [options, 'with store'] });
  checkOptionNames('recordedModel', options, optionNames);
  const { store, sha256, defaultModel } = options;
  return Object.freeze({
    defaultModel,
    recognizesModel: () => true,
    estimateCost: () => '0',
    countTokens: async (request: ModelRequest) => estimateRequestTokens(request),
    complete: async (request: ModelRequest) => {
      const hash = requestHash(request, sha256);
      const place = { store, key: modelFixtureKey(hash), reason: 'llm.fixture_malformed' } as const;
      const file = await loadFixture(place, { prompt_hash: hash });
      if (file === null) throw await missing(store, request, hash);
      const { response } = file.body;
      if (!isJsonObject(response))
        throw malformedRecording({ ...file.origin, problem: "'response' is not an object" });
      return responseFromPayload(response, file.origin);
    },
  });
}

export function modelFixtureKey(hash: string): string {
  return `${hash}.json`;
}

async function missing(store: FixtureStore, request: ModelRequest, hash: string): Promise<Error> {
  const nearest = await nearestFixture({ store, prefix: '', field: 'prompt', asked: requestToJson(request) });
  const message = `No answer is recorded for request ${hash} in ${store.where}.`;
  const extras = { prompt_hash: hash, fixtures_dir: store.where };
  if (nearest === null) return llmError('llm.fixture_missing', message, extras);
  return llmError('llm.fixture_missing', `${message} ${describeNearest(nearest)}`, {
    ...extras,
    nearest: { ...nearest },
  });
}
