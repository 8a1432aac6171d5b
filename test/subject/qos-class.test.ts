import { expect, test } from 'vitest';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { qosClassOf } from '../../src/subject/qos-class.ts';

const one = { cpu: 1, memory: '1Gi' };
const guaranteed = { name: 'c', resources: { limits: one } };
const bare = { name: 'c' };

test.each([
  ['nothing asked for', 'BestEffort', { containers: [bare] }],
  ['limits alone', 'Guaranteed', { containers: [guaranteed] }],
  [
    'the same amount written otherwise',
    'Guaranteed',
    { containers: [{ name: 'c', resources: { limits: one, requests: { cpu: '1000m', memory: '1024Mi' } } }] },
  ],
  [
    'the same amount after rounding',
    'Guaranteed',
    { containers: [{ name: 'c', resources: { limits: { ...one, cpu: '1m' }, requests: { cpu: '0.0001' } } }] },
  ],
  [
    'a lower request',
    'Burstable',
    { containers: [{ name: 'c', resources: { limits: one, requests: { cpu: '0.5' } } }] },
  ],
  ['one resource alone', 'Burstable', { containers: [{ name: 'c', resources: { limits: { memory: '1Gi' } } }] }],
  ['one bare container', 'Burstable', { containers: [guaranteed, bare] }],
  ['a bare init container', 'Burstable', { initContainers: [bare], containers: [guaranteed] }],
  ['an init container likewise', 'Guaranteed', { initContainers: [guaranteed], containers: [guaranteed] }],
  ['a bare ephemeral container', 'Guaranteed', { containers: [guaranteed], ephemeralContainers: [bare] }],
  ['a limit of zero', 'Burstable', { containers: [{ name: 'c', resources: { limits: { cpu: '0', memory: '1Gi' } } }] }],
  [
    'a request of zero',
    'BestEffort',
    { containers: [{ name: 'c', resources: { requests: { cpu: '0', memory: 'Mi' } } }] },
  ],
  [
    'storage and devices alone',
    'BestEffort',
    { containers: [{ name: 'c', resources: { limits: { 'ephemeral-storage': '1Gi', 'x.io/gpu': 1 } } }] },
  ],
  ['limits of the Pod', 'Guaranteed', { resources: { limits: one }, containers: [bare] }],
  ['requests of the Pod', 'Burstable', { resources: { requests: one }, containers: [guaranteed] }],
  ['empty resources of the Pod', 'BestEffort', { resources: {}, containers: [guaranteed] }],
  ['no resources of the Pod', 'Guaranteed', { resources: null, containers: [guaranteed] }],
] as const)('%s: %s', (_name, wanted, spec) => {
  expect(qosClassOf(subjectOf({ pod: { spec } }).spec)).toBe(wanted);
});
