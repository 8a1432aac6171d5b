import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartupError } from '../startup-error.ts';

/** The kernel's limit, so that a flood does not keep others from connecting. */
const backlog = 4096;
/** All addresses of both IP families. */
const anyHost = '::';

/** `::`, or all IPv4 addresses if the machine has no IPv6. */
export async function usableHost(host: string): Promise<string> {
  if (host !== anyHost) return host;
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve('0.0.0.0'));
    probe.listen(0, anyHost, () => probe.close(() => resolve(anyHost)));
  });
}

/** Starts to listen; returns the address. */
export async function listen(app: FastifyInstance, host: string, port: number, flag: string): Promise<string> {
  try {
    return await app.listen({ host, port, backlog, listenTextResolver: (address) => address });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: 'the port is in use by another program',
      EACCES: 'the port needs privileges that this process does not have',
      EADDRNOTAVAIL: 'the address is not one of this machine',
    };
    const reason = reasons[code ?? ''] ?? message;
    throw new StartupError(`cannot listen on ${hostAndPort(host, port)}: ${reason}; choose another with ${flag}`);
  }
}

const hostAndPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
