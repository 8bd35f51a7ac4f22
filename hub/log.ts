/** Structured logs (pino) behind the port `Log`: one JSON line each, secrets never among the facts. */
import pino from 'pino';
import type { Log } from '#ports';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Keys whose values never reach a log line, wherever they stand in the facts. */
const secretKeys = ['token', 'secret', 'password', 'code', 'cookie', 'authorization', 'sid'];

/** @param write receives each line; standard output when absent */
export function createLog(level: LogLevel, write?: (line: string) => void): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' },
    serializers: { error: pino.stdSerializers.err },
  };
  const logger =
    write === undefined ? pino(options, pino.destination({ sync: true })) : pino(options, { write });
  return {
    debug: (message, facts) => logger.debug(facts ?? {}, message),
    info: (message, facts) => logger.info(facts ?? {}, message),
    warn: (message, facts) => logger.warn(facts ?? {}, message),
    error: (message, facts) => logger.error(facts ?? {}, message),
  };
}
