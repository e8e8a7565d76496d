// A spool in memory, which can break.
import { type EventSpool, sessionError, type SessionEvent } from 'runlog/sessions';

export interface MemorySpool extends EventSpool {
  readonly aside: SessionEvent[];
  isBroken: boolean;
}

export function memorySpool(): MemorySpool {
  const events: SessionEvent[] = [];
  const aside: SessionEvent[] = [];
  let removed = 0;
  return {
    aside,
    isBroken: false,
    get isEmpty() {
      return removed === events.length;
    },
    async append(batch) {
      if (this.isBroken) throw sessionError('storage_write_failed', 'the spool is broken');
      events.push(...batch);
    },
    async read(limit) {
      const page = events.slice(removed, removed + limit);
      return page.length === 0 ? null : { events: page, end: removed + page.length };
    },
    async removeTo(end) {
      removed = end;
    },
    async setAside(event) {
      aside.push(event);
    },
  };
}
