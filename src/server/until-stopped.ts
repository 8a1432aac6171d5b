import process from 'node:process';
import type { Logger } from 'pino';

/**
 * Waits for a signal, stops the server and returns the exit code: 0 after a signal, 1 after an uncaught error. A second
 * signal, or a stop that takes longer than `limitMs`, ends the process immediately.
 */
export function untilStopped(stop: () => Promise<void>, log: Logger, limitMs: number): Promise<number> {
  return new Promise((resolve) => {
    let exitCode: number | undefined;
    function begin(code: number): void {
      exitCode = code;
      setTimeout(() => {
        log.fatal('the server did not stop in time');
        process.exit(1);
      }, limitMs).unref();
      stop().then(
        () => resolve(exitCode ?? code),
        (error: unknown) => {
          log.fatal({ err: error }, 'the server did not stop cleanly');
          resolve(1);
        },
      );
    }
    function onSignal(signal: NodeJS.Signals): void {
      log.info({ signal }, 'received a signal');
      if (exitCode !== undefined) process.exit(1);
      begin(0);
    }
    function onError(error: unknown): void {
      log.fatal({ err: error }, 'uncaught error; please report this');
      if (exitCode === undefined) begin(1);
      exitCode = 1;
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
    process.on('uncaughtException', onError);
    process.on('unhandledRejection', onError);
  });
}
