import { sameJson } from '../patch/edits.ts';
import { resolvedPort } from './container-ports.ts';
import type { Container, Probe } from './pod-types.ts';

/**
 * Whether two probes of a container ask the same thing of the same place. A port name and its number are one place;
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

/** How long a probe that was well keeps failing before the kubelet acts, in seconds. */
export function patienceOf({ failureThreshold = 3, periodSeconds = 10 }: Probe): number {
  return failureThreshold * periodSeconds;
}
