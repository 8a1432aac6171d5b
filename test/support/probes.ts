import fc from 'fast-check';

const port = fc.constantFrom<(string | number)[]>(8080, 9090, 'http', 'nowhere');
const host = fc.constantFrom('localhost', 'db.example');
const command = fc.constantFrom(
  ['sleep', '10'],
  ['sh', '-c', 'sleep 25 && app stop'],
  ['curl', '-f', 'http://db.example/'],
  ['pg_isready'],
);

const check = fc.oneof(
  fc.record({ exec: fc.record({ command }) }),
  fc.record({ httpGet: fc.record({ port, path: fc.constant('/healthz'), host }, { requiredKeys: ['port'] }) }),
  fc.record({ tcpSocket: fc.record({ port, host }, { requiredKeys: ['port'] }) }),
);
const probeCheck = fc.oneof(
  { weight: 4, arbitrary: check },
  { weight: 1, arbitrary: fc.constant({ grpc: { port: 9090 } }) },
);
const timing = fc.record(
  {
    initialDelaySeconds: fc.constantFrom(0, 30, 120),
    periodSeconds: fc.constantFrom(1, 10),
    timeoutSeconds: fc.constantFrom(1, 15),
    failureThreshold: fc.constantFrom(1, 3, 30),
  },
  { requiredKeys: [] },
);
const probe = fc.tuple(probeCheck, timing).map(([what, when]) => ({ ...what, ...when }));
const killing = fc
  .tuple(probe, fc.constantFrom<object[]>({}, { terminationGracePeriodSeconds: 5 }))
  .map(([what, grace]) => ({ ...what, ...grace }));

/** The probes of a container, as fields of it. */
export const probes = { livenessProbe: killing, readinessProbe: probe, startupProbe: killing };

/** What a hook does; `sleep` may be longer than a Pod has. */
export const handler = fc.oneof(
  check,
  fc.constantFrom(1, 10, 15, 25, 60, 280).map((seconds) => ({ sleep: { seconds } })),
);
