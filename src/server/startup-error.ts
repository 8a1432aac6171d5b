/** The server cannot start for a reason that its operator can fix; the message is the only output. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
