/** Decides which reason a failed call has, whatever the vendor's package throws: by the status of the answer where there was one. */
import type { APIError } from '@anthropic-ai/sdk';
import {
  installLine,
  type JsonObject,
  missingPackage,
  optionalFeatures,
  type StructuredError,
} from '../../../base/index.ts';
import { llmError } from '../../../effects/index.ts';

/** How a call was ended from this side, when it was. */
export interface CallEnd {
  readonly isLate: boolean;
  readonly isCancelled: boolean;
}

export interface FailedCall extends CallEnd {
  readonly model: string;
  readonly timeoutMs: number;
}

/** `isApiError` tells the vendor's errors with a status from everything else. */
export function vendorFailure(
  error: unknown,
  call: FailedCall,
  isApiError: (error: unknown) => error is APIError,
): StructuredError {
  const { model, timeoutMs } = call;
  if (call.isLate) {
    const message = `the model did not answer within ${timeoutMs} ms`;
    return llmError('llm.network_error', message, { model, timeout_ms: timeoutMs }, error);
  }
  if (call.isCancelled) {
    return llmError('llm.network_error', 'the call was cancelled', { model, cancelled: true }, error);
  }
  if (isApiError(error) && typeof error.status === 'number') return refusedWith(error, error.status, model);
  return llmError('llm.network_error', `the call broke off: ${depthsOf(error)}`, { model }, error);
}

function refusedWith(error: APIError, status: number, model: string): StructuredError {
  const retryAfter = retryAfterSeconds(error.headers);
  const extras: JsonObject = {
    model,
    status,
    ...(error.type === null ? {} : { error_type: error.type }),
    ...(typeof error.requestID === 'string' ? { request_id: error.requestID } : {}),
    ...(retryAfter === null ? {} : { retry_after_seconds: retryAfter }),
  };
  return llmError(reasonOf(status), error.apiMessage ?? `the vendor answered ${status}`, extras, error);
}

function reasonOf(status: number): string {
  if (status === 429) return 'llm.rate_limited';
  if (status === 401 || status === 403) return 'llm.auth_error';
  if (status === 408 || status >= 500) return 'llm.unavailable';
  return 'llm.request_error';
}

/** Seconds, or the moment from which on it may be tried again. */
function retryAfterSeconds(headers: Headers | undefined): number | null {
  const text = headers?.get('retry-after') ?? null;
  if (text === null) return null;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.round(seconds * 1000) / 1000) : null;
}

/** The innermost cause says what happened; what stands around it says only that something did. */
function depthsOf(error: unknown): string {
  let deepest = error;
  for (let depth = 0; depth < 8 && deepest instanceof Error && deepest.cause instanceof Error; depth += 1)
    deepest = deepest.cause;
  return deepest instanceof Error ? deepest.message : String(deepest);
}

export function noKey(model: string): StructuredError {
  return llmError(
    'llm.auth_error',
    'there is no API key: set ANTHROPIC_API_KEY, or pass `apiKey` to `anthropicModel`',
    { model },
  );
}

/** With a reason, so that the log tells what is missing when the package is missed in the middle of a run. */
export function missingVendorPackage(cause: unknown): StructuredError {
  const { package: name } = optionalFeatures.anthropic;
  return missingPackage('anthropic', cause, {
    reason: 'llm.provider_missing',
    message: `package '${name}' is not installed: \`${installLine(optionalFeatures.anthropic)}\``,
    payload_extras: { package: name },
  });
}
