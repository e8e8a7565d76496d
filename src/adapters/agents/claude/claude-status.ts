/** Decides what the status of an answer of the vendor means to a session, where the program tells it. */
import type { SessionErrorCode } from '../../../sessions/index.ts';

export function codeOfStatus(status: number | null): SessionErrorCode {
  if (status === 401 || status === 403) return 'provider_authentication_failed';
  if (status === 402) return 'provider_quota_exceeded';
  if (status === 429) return 'provider_rate_limited';
  if (status === null || status === 408 || status >= 500) return 'provider_unavailable';
  return 'provider_error';
}
