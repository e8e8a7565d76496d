/** Decides what is said when nothing is where a URL with two slashes leads: they fold a host into the path, which few people mean. */
import { type StructuredError } from '../../base/index.ts';
import { storeNotFound, StoreNotFoundError, withoutCredentials } from '../../log/index.ts';
import { sqliteUrlOf } from './store-url.ts';

/** Opens what a URL names; the error of a missing store names the URL that was probably meant. */
export async function sayingMeant<Opened>(raw: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    const meant = /^sqlite:\/\/([^/].*)$/is.exec(raw)?.[1];
    if (meant === undefined || !(error instanceof StoreNotFoundError)) throw error;
    throw withMeant(error, raw, sqliteUrlOf(meant));
  }
}

function withMeant(error: StructuredError, raw: string, meant: string): StructuredError {
  const { location } = error.context;
  const [shown, url] = [withoutCredentials(raw), withoutCredentials(meant)];
  return storeNotFound({
    location: typeof location === 'string' ? location : shown,
    whatFailed: `${error.whatFailed} '${shown}' has two slashes, behind which a path begins at the root.`,
    howToFix: `Write a relative path with three slashes: '${url}'. ${error.howToFix}`,
    context: { ...error.context, meant: url },
    cause: error,
  });
}
