/** Decides that the next page of a reading is asked for while the present one is worked on: a server computes while we do. */
export async function* readAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let page = await next; page.done !== true; page = await next) {
      next = iterator.next();
      // It is waited for after the present page, whose reader may never come back.
      next.catch(() => undefined);
      yield page.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}
