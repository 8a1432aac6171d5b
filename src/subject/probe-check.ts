import { sameJson } from '../patch/edits.ts';
import { resolvedPort } from './container-ports.ts';
import type { Container, Probe } from './pod-types.ts';

/**
 * Whether two probes of a container make the same request to the same place. A port's name and number are equal;
 * timings do not matter.
 */
export function isSameCheck(container: Container, a: Probe, b: Probe): boolean {
  const check = checkOf(container, a);
  return check !== undefined && sameJson(check, checkOf(container, b));
}

function checkOf(container: Container, { exec, httpGet, tcpSocket, grpc }: Probe): unknown {
  const port = (of: unknown): unknown => resolvedPort(container, of) ?? of;
  if (exec !== undefined) return ['exec', exec.command ?? []];
  if (httpGet !== undefined) {
    const { scheme, host = '', path, httpHeaders = [] } = httpGet;
    return ['httpGet', scheme, host, port(httpGet.port), path, httpHeaders];
  }
  if (tcpSocket !== undefined) return ['tcpSocket', tcpSocket.host ?? '', port(tcpSocket.port)];
  return grpc && ['grpc', grpc.port, grpc.service ?? ''];
}

/** How long a healthy container's probe must fail before the kubelet acts, in seconds. */
export function patienceOf({ failureThreshold = 3, periodSeconds = 10 }: Probe): number {
  return failureThreshold * periodSeconds;
}
