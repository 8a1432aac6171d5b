import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { effectiveResources, formatAmount } from '../../src/subject/resources.ts';

const asking = (requests: object, more: object = {}) => ({ name: 'c', resources: { requests }, ...more });
const limited = (limits: object, more: object = {}) => ({ name: 'c', resources: { limits }, ...more });
const sidecar = { restartPolicy: 'Always' };

/** What a Pod asks for, as text. */
function effective(spec: object): { requests: object; limits: object } {
  const { spec: defaulted } = subjectOf({ pod: { spec } });
  const texts = (kind: 'requests' | 'limits') =>
    Object.fromEntries([...effectiveResources(defaulted, kind)].map(([name, amount]) => [name, formatAmount(amount)]));
  return { requests: texts('requests'), limits: texts('limits') };
}

const requests = (spec: object): object => effective(spec).requests;

describe('containers', () => {
  test('a Pod without requests', () => {
    expect(effective({ containers: [{ name: 'c' }] })).toEqual({ requests: {}, limits: {} });
  });

  test('run together', () => {
    expect(
      requests({ containers: [asking({ cpu: '100m', memory: '1Gi' }), asking({ cpu: 0.2, 'x.io/gpu': 1 })] }),
    ).toEqual({ cpu: '300m', memory: '1Gi', 'x.io/gpu': '1' });
  });

  test('a plain init container runs before them', () => {
    expect(requests({ initContainers: [asking({ cpu: 2 })], containers: [asking({ cpu: 1 })] })).toEqual({ cpu: '2' });
    expect(
      requests({ initContainers: [asking({ cpu: 1 }), asking({ cpu: 1 })], containers: [asking({ cpu: 1 })] }),
    ).toEqual({ cpu: '1' });
  });

  test('a sidecar runs beside them, and beside init containers after it', () => {
    const containers = [asking({ cpu: 1 })];
    const side = asking({ cpu: 1 }, sidecar);
    expect(requests({ initContainers: [side, asking({ cpu: 2 })], containers })).toEqual({ cpu: '3' });
    expect(requests({ initContainers: [asking({ cpu: 2 }), side], containers })).toEqual({ cpu: '2' });
  });

  test('an init container with another restart policy is a plain one', () => {
    const setup = asking({ cpu: 2 }, { restartPolicy: 'OnFailure' });
    expect(requests({ initContainers: [setup], containers: [asking({ cpu: 1 })] })).toEqual({ cpu: '2' });
  });

  test('each resource has its own hungriest moment', () => {
    const initContainers = [asking({ cpu: 2, memory: '1Gi' }), asking({ cpu: 1, memory: '2Gi' })];
    expect(requests({ initContainers, containers: [asking({})] })).toEqual({ cpu: '2', memory: '2Gi' });
  });

  test('ephemeral ones never count', () => {
    expect(requests({ containers: [asking({ cpu: 1 })], ephemeralContainers: [asking({ cpu: 5 })] })).toEqual({
      cpu: '1',
    });
  });

  test('limits are requests, and are added up likewise', () => {
    const spec = {
      initContainers: [limited({ cpu: 1 }, sidecar)],
      containers: [limited({ cpu: 2 }), asking({ cpu: 4 })],
    };
    expect(effective(spec)).toEqual({ requests: { cpu: '7' }, limits: { cpu: '3' } });
  });

  test('tiny amounts are rounded up each, not together', () => {
    expect(requests({ containers: [asking({ cpu: '0.0001' }), asking({ cpu: '0.0001' })] })).toEqual({ cpu: '2m' });
  });

  test('null asks for zero', () => {
    expect(requests({ containers: [asking({ memory: null })] })).toEqual({ memory: '0' });
  });

  test('a sum is written like its first part', () => {
    const memory = (...amounts: string[]) => requests({ containers: amounts.map((memory) => asking({ memory })) });
    expect(memory('512Mi', '512M')).toEqual({ memory: '1024288Ki' });
    expect(memory('512M', '512Mi')).toEqual({ memory: '1048870912' });
    expect(memory('512Mi', '512Mi')).toEqual({ memory: '1Gi' });
    expect(memory('128M', '128M')).toEqual({ memory: '256M' });
    expect(memory('0', '1e9')).toEqual({ memory: '1e9' });
    expect(memory('1.2Gi')).toEqual({ memory: '1288490188800m' });
  });
});

describe('overhead', () => {
  const overhead = { cpu: '250m', memory: '120Mi' };

  test('is requested, named or not, and raises limits only where there are some', () => {
    expect(effective({ overhead, containers: [asking({ cpu: 1 })] })).toEqual({
      requests: { cpu: '1250m', memory: '120Mi' },
      limits: {},
    });
    expect(effective({ overhead, containers: [limited({ cpu: 1, memory: 0 })] }).limits).toEqual({
      cpu: '1250m',
      memory: '0',
    });
  });
});

describe('resources of the Pod', () => {
  test('stand in for those of its containers', () => {
    const resources = { requests: { cpu: 2 }, limits: { cpu: 3 } };
    const containers = [limited({ cpu: 1, 'x.io/gpu': 1 })];
    expect(effective({ resources, overhead: { cpu: 1 }, containers })).toEqual({
      requests: { cpu: '3', 'x.io/gpu': '1' },
      limits: { cpu: '4', 'x.io/gpu': '1' },
    });
  });

  test('a limit is a request where the containers ask for nothing', () => {
    expect(effective({ resources: { limits: { cpu: 1, memory: '1Gi' } }, containers: [{ name: 'c' }] })).toEqual({
      requests: { cpu: '1', memory: '1Gi' },
      limits: { cpu: '1', memory: '1Gi' },
    });
  });

  test('a limit of anything fixes the request to what the defaulted containers ask for', () => {
    const { spec } = subjectOf({
      pod: {
        spec: {
          resources: { limits: { memory: '4Gi' } },
          containers: [limited({ cpu: 1, memory: '1Gi' }), asking({ cpu: 1 })],
        },
      },
    });
    expect(spec.resources).toEqual({ limits: { memory: '4Gi' }, requests: { cpu: '2', memory: '1Gi' } });
  });

  test('requests alone fill in nothing', () => {
    const { spec } = subjectOf({
      pod: { spec: { resources: { requests: { cpu: 1 } }, containers: [asking({ memory: '1Gi' })] } },
    });
    expect(spec.resources).toEqual({ requests: { cpu: 1 } });
  });

  test('of a kind that a Pod cannot have do not count', () => {
    const resources = { requests: { 'ephemeral-storage': '5Gi' } };
    expect(requests({ resources, containers: [asking({ 'ephemeral-storage': '1Gi' })] })).toEqual({
      'ephemeral-storage': '1Gi',
    });
  });
});
