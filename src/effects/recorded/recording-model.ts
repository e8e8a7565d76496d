/** Decides what is kept of a live model: every answer that it gives, under the hash of what it was asked. Failures are not kept. */
import { checkArguments, checkOptionNames, formatInstant, type Sha256 } from '../../base/index.ts';
import {
  type CallOptions,
  type ModelProvider,
  type ModelRequest,
  requestHash,
  requestToJson,
} from '../model-port.ts';
import { responseToPayload } from '../recorded-answer.ts';
import { fixtureText } from './fixture-file.ts';
import type { FixtureStore } from './fixture-store.ts';
import { modelFixtureKey } from './recorded-model.ts';

/** The model that is asked, where its answers are kept, and a clock (milliseconds). */
export interface RecordingModelOptions {
  readonly inner: ModelProvider;
  readonly store: FixtureStore;
  readonly sha256: Sha256;
  readonly nowMs: () => number;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  inner: true,
  store: true,
  sha256: true,
  nowMs: true,
} satisfies Record<keyof RecordingModelOptions, true>);

/** A provider that asks `inner`. An answer that cannot be saved fails the call: a recording with a hole would look whole. */
export function recordingModel(options: RecordingModelOptions): ModelProvider {
  checkArguments('recordingModel', { options: [options, 'with inner'] });
  checkOptionNames('recordingModel', options, optionNames);
  const { inner, store, sha256, nowMs } = options;
  return Object.freeze({
    defaultModel: inner.defaultModel,
    recognizesModel: (name: string) => inner.recognizesModel(name),
    estimateCost: (usage: Parameters<ModelProvider['estimateCost']>[0]) => inner.estimateCost(usage),
    countTokens: (request: ModelRequest) => inner.countTokens(request),
    complete: async (request: ModelRequest, options: CallOptions) => {
      const response = await inner.complete(request, options);
      const hash = requestHash(request, sha256);
      const body = {
        prompt_hash: hash,
        recorded_at: formatInstant(nowMs()),
        model: request.model,
        prompt: requestToJson(request),
        response: responseToPayload(response),
      };
      await store.save(modelFixtureKey(hash), fixtureText(body));
      return response;
    },
  });
}
