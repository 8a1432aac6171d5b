import { type DestinationStream, type Logger, pino } from 'pino';

/** The values of `--log-level`, the most verbose first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Logs JSON lines with the name of the level and the time in ISO 8601. */
export function createLog(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: isoTime(),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** The same text as pino's own `isoTime`, which formats a whole date for each line. */
function isoTime(): () => string {
  let second = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    const current = Math.floor(now / 1000);
    if (current !== second) {
      second = current;
      text = `,"time":"${new Date(second * 1000).toISOString().slice(0, -'000Z'.length)}`;
    }
    return `${text}${String(now - second * 1000).padStart(3, '0')}Z"`;
  };
}
