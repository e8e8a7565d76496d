/** logs/lines: log lines as JSON or as text, one line each, to the standard error stream or wherever else text can be written. */
export { lineLogger, type LineLoggerOptions, type TextStream } from './line-logger.ts';
