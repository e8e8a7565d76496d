/** Decides how long whoever follows the log of a PostgreSQL waits until it looks again: the longer, the longer nothing came. */
import type { TailBell, Tails } from '../../../../log/index.ts';
import type { News } from '../news.ts';

/** A tail that hears nothing looks again so often: first soon, because an older transaction may end any moment, then seldom. */
const tailPauseMs = { first: 2, longest: 250, longestUnheard: 50 } as const;

/** Resolves when the bell is rung, or when it is time to look. */
export function tailPause(tails: Tails, news: News | null, bell: TailBell): () => Promise<void> {
  let pauseMs: number = tailPauseMs.first;
  let seen = tails.news;
  return async () => {
    if (news?.isListening === false) void news.listen();
    if (tails.news !== seen) pauseMs = tailPauseMs.first;
    seen = tails.news;
    const timer = setTimeout(() => bell.ring(), pauseMs);
    await bell.wait();
    clearTimeout(timer);
    const longest = news?.isListening === true ? tailPauseMs.longest : tailPauseMs.longestUnheard;
    pauseMs = Math.min(pauseMs * 2, longest);
  };
}
