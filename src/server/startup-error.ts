/** The server cannot start for a reason that its operator can put right; the message is for them, and the only output. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
