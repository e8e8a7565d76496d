/** Decides what a log line looks like: compact JSON for machines, `time level name message` and the rest for people. */
import process from 'node:process';
import { logFields, type Logger, type LogLevel, logLevels } from '../../../base/index.ts';

/** Takes text; a stream of Node is one. */
export interface TextStream {
  write(text: string): unknown;
}

export interface LineLoggerOptions {
  /** Lines below it are not written. */
  readonly level: LogLevel;
  /** `false` writes text. */
  readonly json: boolean;
  /** The standard error stream by default. */
  readonly stream?: TextStream;
  /** Milliseconds since 1970. The machine's clock by default. */
  readonly nowMs?: () => number;
}

const levelOfMethod: ReadonlyMap<string, LogLevel> = new Map([
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warning'],
  ['error', 'error'],
  ['fatal', 'critical'],
]);

/** A logger that writes one line at a time. Keys that `logFields` does not have are left out. */
export function lineLogger(options: LineLoggerOptions): Logger {
  const { json, stream = process.stderr, nowMs = Date.now } = options;
  const least = logLevels.indexOf(options.level);
  const isOn = (level: LogLevel): boolean => logLevels.indexOf(level) >= least;
  const writer = (level: LogLevel) => {
    return (fields: object, message: string): void => {
      if (!isOn(level)) return;
      const line: Line = {
        timestamp: new Date(nowMs()).toISOString(),
        level: level.toUpperCase(),
        message,
        fields: new Map<string, unknown>(Object.entries(fields)),
      };
      stream.write(`${json ? asJson(line) : asText(line)}\n`);
    };
  };
  return Object.freeze({
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warning'),
    error: writer('error'),
    fatal: writer('critical'),
    isLevelEnabled: (method: string) => isOn(levelOfMethod.get(method) ?? 'critical'),
  });
}

interface Line {
  readonly timestamp: string;
  readonly level: string;
  readonly message: string;
  readonly fields: ReadonlyMap<string, unknown>;
}

function asJson({ timestamp, level, message, fields }: Line): string {
  const all = new Map<string, unknown>([
    ...fields,
    ['timestamp', timestamp],
    ['level', level],
    ['message', message],
  ]);
  const written = logFields.filter((field) => all.get(field) !== undefined);
  return JSON.stringify(Object.fromEntries(written.map((field) => [field, all.get(field)])));
}

const ownColumns: ReadonlySet<string> = new Set(['timestamp', 'level', 'logger', 'message']);

function asText({ timestamp, level, message, fields }: Line): string {
  const rest = logFields
    .filter((field) => !ownColumns.has(field) && fields.get(field) !== undefined)
    .map((field) => `${field}=${oneWord(String(fields.get(field)))}`);
  const name = fields.get('logger');
  return [timestamp, level, typeof name === 'string' ? oneWord(name) : '-', oneLine(message), ...rest].join(
    ' ',
  );
}

/** No text of a run starts a line of its own, or steers a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function oneWord(text: string): string {
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : oneLine(JSON.stringify(text));
}
