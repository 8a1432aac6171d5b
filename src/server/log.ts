import { type DestinationStream, type Logger, pino } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What may wait to be written when nobody reads the log. */
const maxBufferedBytes = 4 * 1024 * 1024;

/** Lines of JSON with the level by its name and the time in ISO 8601. */
export function createLog(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** Standard output, written beside the event loop: a reader that stalls costs lines, not answers. */
export function standardOutput(onDrop: () => void) {
  const destination = pino.destination({ dest: 1, sync: false, maxLength: maxBufferedBytes });
  destination.on('drop', onDrop);
  return destination;
}
