/**
 * Decides whether the process logs, and where to: nothing until a program asks for it. What it asks for holds for every run,
 * session and check that is opened afterwards without a logger of its own.
 */
import { lineLogger, type TextStream } from '../../adapters/logs/lines/index.ts';
import {
  checkArguments,
  checkOptionNames,
  InvalidRuntimeConfiguration,
  type Logger,
  type LogLevel,
  logLevels,
  type Redactor,
} from '../../base/index.ts';

/** From which level on, as JSON or text, to which stream or logger, and through which redactor. */
export interface LoggingOptions {
  /** `info` by default. Upper-case names are taken too. */
  readonly level?: LogLevel | Uppercase<LogLevel>;
  /** One JSON object a line, which is the default; `false` writes text. */
  readonly json?: boolean;
  /** The standard error stream by default. */
  readonly stream?: TextStream;
  /** Takes every line in the place of `level`, `json` and `stream`: a logger of pino, or one's own. */
  readonly logger?: Logger;
  /** Takes secrets out of every line: the built-in patterns by default, `null` for nothing. */
  readonly redactor?: Redactor | null;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({
  level: true,
  json: true,
  stream: true,
  logger: true,
  redactor: true,
} satisfies Record<keyof LoggingOptions, true>);

export interface Logging {
  readonly logger?: Logger;
  readonly observeRedactor?: Redactor | null;
}

let current: Logging = {};

/**
 * Asks for logs. Another call replaces what this one asked for; what is open already goes on as it was opened. Returns the function
 * that ends it. Throws `InvalidRuntimeConfiguration` for a level that there is not.
 */
export function configureLogging(options: LoggingOptions = {}): () => void {
  checkArguments('configureLogging', { options: [options, 'object'] });
  checkOptionNames('configureLogging', options, optionNames);
  const { json = true, stream, redactor } = options;
  const logger =
    options.logger ??
    lineLogger({ level: levelOf(options.level), json, ...(stream === undefined ? {} : { stream }) });
  const asked: Logging = { logger, ...(redactor === undefined ? {} : { observeRedactor: redactor }) };
  current = asked;
  return () => {
    if (current === asked) current = {};
  };
}

/** The options, with the logger of the process where they name none. */
export function withLogging<Options extends Logging>(options: Options): Options & Logging {
  return { ...current, ...options };
}

function levelOf(asked: string = 'info'): LogLevel {
  const level = logLevels.find((known) => known === asked.toLowerCase());
  if (level !== undefined) return level;
  throw new InvalidRuntimeConfiguration({
    summary: `there is no log level '${asked}'`,
    whatFailed: `Logs were asked for at the level '${asked}'.`,
    why: 'A level that is not understood would let lines be missed that somebody waits for.',
    howToFix: `Use one of ${logLevels.join(', ')}: \`configureLogging({ level: 'info' })\`.`,
    context: { level: asked },
  });
}
