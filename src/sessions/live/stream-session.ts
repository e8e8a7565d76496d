/**
 * Decides how one run is read as a stream: its events as the agent tells them, then the end. The agent waits for its reader, so
 * nothing piles up; a stream that is closed cancels its run.
 */
import { checkArguments, checkOptionNames, type Canceller, type JsonValue } from '../../base/index.ts';
import { checkDuration } from '../agents/agent-timeout.ts';
import { sessionError } from '../errors/session-error.ts';
import type { FollowPlatform } from './follow-session.ts';
import type { LiveEvent } from './run-intake.ts';
import { failureData } from './session-events.ts';
import type { SessionManager } from './session-manager.ts';
import { runOptionNames, type StartSession } from './session-options.ts';
import type { RunOptions, RunResult } from './work-on-run.ts';

/** A run that is streamed: in which session, and how long (milliseconds) it may be silent. */
export interface StreamOptions extends Omit<RunOptions, 'onEvent' | 'signal'> {
  /** A run in this session; in a session of its own, made with `session`, when it is left out. */
  readonly sessionId?: string;
  readonly session?: StartSession;
  /** The run is cancelled when its agent is silent for so long; 120,000 by default. */
  readonly idleTimeoutMs?: number;
}

/**
 * Never throws while it is iterated: a failure is its last event, `error_occurred`. For one reader.
 */
export interface StreamSession extends AsyncIterableIterator<LiveEvent> {
  /** What came of the run; rejects as `executeRun` does. */
  readonly result: Promise<RunResult>;
  /** Cancels the run if it is under way, and resolves when it has ended. Safe to call twice. */
  close(): Promise<void>;
}

/** `onEvent` and `signal` are the stream's own. */
const streamOptionNames: readonly string[] = [
  ...Object.keys({ sessionId: true, session: true, idleTimeoutMs: true } satisfies Record<
    Exclude<keyof StreamOptions, keyof RunOptions>,
    true
  >),
  ...runOptionNames.filter((name) => name !== 'onEvent' && name !== 'signal'),
];

const defaultIdleMs = 120_000;

/** Begins at once. Throws nothing: what goes wrong at the beginning is told as every failure. */
export function streamSession(
  manager: SessionManager,
  input: JsonValue,
  platform: FollowPlatform,
  options: StreamOptions = {},
): StreamSession {
  checkArguments('streamSession', {
    manager: [manager, 'with executeRun'],
    platform: [platform, 'with newCanceller'],
    options: [options, 'object'],
  });
  return new LiveStream(manager, input, platform, options);
}

interface Handed {
  readonly event: LiveEvent;
  readonly taken: () => void;
}

class LiveStream implements StreamSession {
  readonly result: Promise<RunResult>;
  readonly #platform: FollowPlatform;
  readonly #idleTimeoutMs: number;
  readonly #stop: Canceller;
  readonly #ended: Promise<LiveEvent | null>;
  /** One for each event that the agent waits with: an adapter tells one at a time. */
  readonly #handed: Handed[] = [];
  #wake: () => void = () => undefined;
  #isOver = false;
  #isLast = false;

  constructor(manager: SessionManager, input: JsonValue, platform: FollowPlatform, options: StreamOptions) {
    const { sessionId, session, idleTimeoutMs = defaultIdleMs, ...run } = options;
    this.#platform = platform;
    // One that is refused is told as every failure, and not by silence.
    this.#idleTimeoutMs = idleTimeoutMs > 0 ? idleTimeoutMs : defaultIdleMs;
    this.#stop = platform.newCanceller();
    const all: RunOptions = { ...run, signal: this.#stop.signal, onEvent: (event) => this.#hand(event) };
    const begin = async (): Promise<RunResult> => {
      checkOptionNames('streamSession', options, streamOptionNames);
      checkDuration('idleTimeoutMs', idleTimeoutMs);
      if (sessionId === undefined)
        return manager.runOnce(input, session === undefined ? all : { ...all, session });
      const { id } = await manager.startRun(sessionId, input);
      return manager.executeRun(id, all);
    };
    this.result = begin();
    this.#ended = this.result.then(
      () => null,
      (error: unknown) => errorEvent(error),
    );
    void this.#ended.then(() => {
      this.#isOver = true;
      this.#wake();
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<LiveEvent, undefined>> {
    for (;;) {
      const handed = this.#handed.shift();
      if (handed !== undefined) {
        handed.taken();
        return { done: false, value: handed.event };
      }
      if (this.#isLast) return { done: true, value: undefined };
      if (this.#isOver) {
        this.#isLast = true;
        const failure = await this.#ended;
        return failure === null ? { done: true, value: undefined } : { done: false, value: failure };
      }
      if (await this.#isSilent()) return this.#giveUp();
    }
  }

  async return(): Promise<IteratorResult<LiveEvent, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  async close(): Promise<void> {
    this.#isLast = true;
    this.#stop.abort();
    this.#release();
    await this.#ended;
  }

  /** Waits until something comes. True when nothing came within the time. */
  async #isSilent(): Promise<boolean> {
    const timer = this.#platform.newCanceller();
    const woken = new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(false);
    });
    const late = this.#platform.sleep(this.#idleTimeoutMs, timer.signal).then(() => !timer.signal.aborted);
    const isSilent = await Promise.race([woken, late]);
    timer.abort();
    return isSilent;
  }

  async #giveUp(): Promise<IteratorResult<LiveEvent, undefined>> {
    await this.close();
    const error = sessionError('timeout', `the agent told nothing for ${this.#idleTimeoutMs} ms`);
    return { done: false, value: errorEvent(error) };
  }

  async #hand(event: LiveEvent): Promise<void> {
    if (this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#handed.push({ event, taken: resolve });
      this.#wake();
    });
  }

  /** Nobody reads any more: the agent does not wait for it. */
  #release(): void {
    for (const { taken } of this.#handed.splice(0)) taken();
  }
}

function errorEvent(error: unknown): LiveEvent {
  const data = failureData(error);
  return { type: 'error_occurred', runId: null, data, metadata: {}, sequenceNumber: null };
}
