/** Decides how the vendor's package is loaded and set up: when it is needed, with one key, and without retries of its own. */
import type { Anthropic, APIError } from '@anthropic-ai/sdk';
import process from 'node:process';
import type { MakeStrict } from './request-body.ts';
import { missingVendorPackage, noKey } from './vendor-failure.ts';

export interface VendorClient {
  readonly messages: Anthropic['messages'];
  readonly makeStrict: MakeStrict;
  readonly isApiError: (error: unknown) => error is APIError;
}

export interface VendorSettings {
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

/** Throws `MissingOptionalDependency`, and `llm.auth_error` when there is no key. */
export async function openVendorClient(settings: VendorSettings, model: string): Promise<VendorClient> {
  const { sdk, strict } = await loadPackage();
  const apiKey = settings.apiKey ?? process.env['ANTHROPIC_API_KEY'] ?? '';
  if (apiKey === '') throw noKey(model);
  const client = new sdk.Anthropic({
    apiKey,
    // Every attempt is an event of the log; one that the package makes by itself would not be.
    maxRetries: 0,
    logLevel: 'off',
    ...(settings.baseUrl === undefined ? {} : { baseURL: settings.baseUrl }),
  });
  return {
    messages: client.messages,
    makeStrict: (schema) => ({ ...strict.transformJSONSchema({ ...schema }) }),
    isApiError: (error): error is APIError => error instanceof sdk.APIError,
  };
}

async function loadPackage() {
  try {
    const [sdk, strict] = await Promise.all([
      import('@anthropic-ai/sdk'),
      import('@anthropic-ai/sdk/lib/transform-json-schema'),
    ]);
    return { sdk, strict };
  } catch (cause) {
    throw missingVendorPackage(cause);
  }
}
