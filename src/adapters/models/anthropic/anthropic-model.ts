/** Decides how one of Anthropic's models is asked: once for each question, within its time, and never again behind the log's back. */
import { performance } from 'node:perf_hooks';
import { checkArguments, checkOptionNames, type CancelSignal, type Usd } from '../../../base/index.ts';
import {
  type CallOptions,
  checkPrices,
  costOfTokens,
  listPrices,
  type ModelProvider,
  type ModelRequest,
  noTokens,
  type PriceTable,
} from '../../../effects/index.ts';
import { responseOf } from './answer.ts';
import { priceOf } from './prices.ts';
import { bodyOf, questionOf } from './request-body.ts';
import { toolNames } from './tool-names.ts';
import { openVendorClient, type VendorClient } from './vendor-client.ts';
import { vendorFailure } from './vendor-failure.ts';

/** Key, address, default model and prices. Without `apiKey` it is `ANTHROPIC_API_KEY` of the environment. */
export interface AnthropicModelOptions {
  /** `ANTHROPIC_API_KEY` of the environment by default, read when the first question is put. */
  readonly apiKey?: string;
  /** `ANTHROPIC_BASE_URL` of the environment by default, and then the vendor's own address. */
  readonly baseUrl?: string;
  /** For behaviors that name none; `claude-sonnet-5-5` by default. */
  readonly defaultModel?: string;
  /** In the place of `listPrices`; rows of the provider `anthropic` count. `overridePrices` changes some of them. */
  readonly prices?: PriceTable;
  /**
   * `vendor`, the default: the vendor holds the answer to its form where it can. `prompt`: the prompt alone asks for it, for servers
   * that do not know the vendor's `output_config`.
   */
  readonly structuredOutput?: 'vendor' | 'prompt';
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  apiKey: true,
  baseUrl: true,
  defaultModel: true,
  prices: true,
  structuredOutput: true,
} satisfies Record<keyof AnthropicModelOptions, true>);

/** Counting is free and quick; a run that waits longer for it waits for nothing. */
const countTimeoutMs = 30_000;
/** A longer delay of a timer would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Anthropic's models. The package `@anthropic-ai/sdk` and the key are looked for when the first question is put: without the package
 * it rejects with `MissingOptionalDependency`, without a key with `llm.auth_error`. Other failures are `LLMBehaviorError`s with the
 * reasons `llm.rate_limited`, `llm.unavailable`, `llm.auth_error`, `llm.request_error` and `llm.network_error`. A refusal and an
 * answer that was cut off are answers with a `failure`.
 */
export function anthropicModel(options: AnthropicModelOptions = {}): ModelProvider {
  checkArguments('anthropicModel', { options: [options, 'object'] });
  checkOptionNames('anthropicModel', options, optionNames);
  const { prices = listPrices, structuredOutput = 'vendor' } = options;
  checkPrices(prices);
  let opened: Promise<VendorClient> | null = null;
  const client = async (model: string): Promise<VendorClient> => {
    opened ??= openVendorClient(options, model);
    try {
      return await opened;
    } catch (error) {
      // What was missing may be there the next time.
      opened = null;
      throw error;
    }
  };
  const prepare = async (request: ModelRequest) => {
    const names = toolNames(request.tools.map(({ name }) => name));
    const vendor = await client(request.model);
    const question = questionOf(request, names, structuredOutput === 'vendor' ? vendor.makeStrict : null);
    return { names, vendor, question };
  };
  return Object.freeze({
    defaultModel: options.defaultModel ?? 'claude-sonnet-5-5',
    recognizesModel: (name: string) => name.startsWith('claude-'),
    estimateCost: ({ model, inputTokens, outputTokens }: Parameters<ModelProvider['estimateCost']>[0]): Usd =>
      costOfTokens(
        { ...noTokens, input: inputTokens, output: outputTokens },
        priceOf(model, prices, today()).rates,
      ),
    countTokens: async (request: ModelRequest) => {
      const { vendor, question } = await prepare(request);
      const counted = await call(vendor, { model: request.model, timeoutMs: countTimeoutMs }, (settings) =>
        vendor.messages.countTokens(question, settings),
      );
      return counted.input_tokens;
    },
    complete: async (request: ModelRequest, { signal, timeoutMs, idempotencyKey }: CallOptions) => {
      const { names, vendor, question } = await prepare(request);
      const startedMs = performance.now();
      const message = await call(vendor, { model: request.model, timeoutMs, signal }, (settings) =>
        vendor.messages.create(bodyOf(question, request.maxTokens), {
          ...settings,
          headers: { 'idempotency-key': idempotencyKey },
        }),
      );
      const latencySeconds = Math.round(performance.now() - startedMs) / 1000;
      const areListPrices = options.prices === undefined;
      return responseOf(message, { names, prices, areListPrices, at: today(), latencySeconds });
    },
  });
}

function today(): string {
  return new Date().toISOString();
}

interface Call {
  readonly model: string;
  readonly timeoutMs: number;
  readonly signal?: CancelSignal;
}

/** The time counts until the whole answer is there: the package itself would count until it begins. */
async function call<Answer>(
  vendor: VendorClient,
  { model, timeoutMs, signal }: Call,
  ask: (settings: { signal: AbortSignal; timeout: number }) => Promise<Answer>,
): Promise<Answer> {
  const end = new AbortController();
  let isLate = false;
  const cancel = (): void => end.abort();
  const timer = setTimeout(
    () => {
      isLate = true;
      end.abort();
    },
    Math.min(timeoutMs, longestTimerMs),
  );
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted === true) cancel();
  try {
    return await ask({ signal: end.signal, timeout: longestTimerMs });
  } catch (error) {
    const isCancelled = !isLate && end.signal.aborted;
    throw vendorFailure(error, { model, timeoutMs, isLate, isCancelled }, vendor.isApiError);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}
