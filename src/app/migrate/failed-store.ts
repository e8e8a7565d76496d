/** Decides which of two stores a failure is told of: the one that could not be opened, whose URL belongs into the advice. */

const stores = new WeakMap<object, string>();

/** Remembers of what `open` throws that it is about the store at this URL. */
export async function openAt<Opened>(url: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (typeof error === 'object' && error !== null) stores.set(error, url);
    throw error;
  }
}

/** The URL of the store that an error is about, where a command has two; `undefined` for any other error. */
export function failedStore(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? stores.get(error) : undefined;
}
