/**
 * Decides what a log line is: its fields in their order, its level, and how it gets to a logger, freed of secrets. Fields that are
 * not listed here are not logged.
 */
import type { JsonPrimitive } from '../json.ts';
import type { Redactor } from '../secrets/redactor.ts';

/** Every field of a line, in the order in which they are written; those that do not apply are left out. */
export const logFields = Object.freeze([
  'timestamp',
  'level',
  'logger',
  'message',
  'run_id',
  'session_id',
  'event_id',
  'event_type',
  'behavior',
  'tool',
  'model',
  'cache_hit',
  'cost_usd',
  'latency_seconds',
  'reason',
  'error_type',
  'error_message',
  'doc_url',
] as const);

/** Names of the fields that a log line may have besides its message. */
export type LogField = (typeof logFields)[number];

/** What a line may say beside when, how urgent, who and what. Amounts are US dollars, latencies seconds. */
export interface LogFacts {
  readonly run_id?: string;
  readonly session_id?: string;
  readonly event_id?: string;
  readonly event_type?: string;
  readonly behavior?: string;
  readonly tool?: string;
  readonly model?: string;
  readonly cache_hit?: boolean;
  readonly cost_usd?: number;
  readonly latency_seconds?: number;
  readonly reason?: string;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly doc_url?: string;
}

/** From the chattiest to the most urgent. */
export const logLevels = Object.freeze(['debug', 'info', 'warning', 'error', 'critical'] as const);
/** How grave a log line is, the least grave first. */
export type LogLevel = (typeof logLevels)[number];

/** Who speaks. Tools have a name of their own behind `runlog.tools.`. */
export type LoggerName = 'runlog.runtime' | 'runlog.llm' | 'runlog.sessions' | `runlog.tools.${string}`;

/**
 * Where lines go: any object with these methods, a logger of pino among them. `fields` has the keys of `logFields` from `logger`
 * on, without `message`. What a method throws is told once as a warning and goes no further.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Takes the level `critical`. */
  fatal(fields: object, message: string): void;
  /** Spares lines that would not be written; every level is wanted when it is left out. */
  isLevelEnabled?(method: string): boolean;
}

const methodOf = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
} as const satisfies Readonly<Record<LogLevel, keyof Logger>>;

/** Where log lines go, and what is taken out of them before. */
export interface LogOutletOptions {
  readonly logger: Logger;
  /** Takes secrets out of every line; `null` logs what comes as it comes. */
  readonly redactor: Redactor | null;
  /** Hears of the first failure of the logger. */
  readonly warn: (message: string) => void;
}

/** The one way from the package to a logger. */
export class LogOutlet {
  readonly #options: LogOutletOptions;
  #hasWarned = false;

  constructor(options: LogOutletOptions) {
    this.#options = options;
  }

  /** False when a line of this level would go nowhere. */
  isOn(level: LogLevel): boolean {
    const { logger } = this.#options;
    return this.#safely(() => logger.isLevelEnabled?.(methodOf[level]) ?? true) ?? false;
  }

  write(level: LogLevel, name: LoggerName, message: string, facts: LogFacts): void {
    if (!this.isOn(level)) return;
    const { logger, redactor } = this.#options;
    this.#safely(() => {
      const clean = (text: string): string => (redactor === null ? text : redactor.text(text));
      const said = new Map<string, JsonPrimitive>(Object.entries({ logger: name, ...facts }));
      const fields: Record<string, JsonPrimitive> = {};
      for (const field of logFields) {
        const value = said.get(field);
        if (value !== undefined) fields[field] = typeof value === 'string' ? clean(value) : value;
      }
      logger[methodOf[level]](fields, clean(message));
    });
  }

  #safely<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      if (!this.#hasWarned) {
        this.#hasWarned = true;
        const what = error instanceof Error ? error.message : String(error);
        this.#options.warn(`a logger failed, and is told no failure again: ${what}`);
      }
      return undefined;
    }
  }
}
