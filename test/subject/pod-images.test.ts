import { expect, test } from 'vitest';
import { imagesOf } from '../../src/subject/pod-images.ts';
import { type SubjectSource, subjectOf } from '../../src/subject/pod-subject.ts';

const spec = {
  initContainers: [{ name: 'setup', image: 'setup:1' }],
  containers: [{ name: 'proxy', image: 'auto' }, { name: 'built', image: ' ' }, { name: 'none' }],
  ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
  volumes: [
    { name: 'data', emptyDir: {} },
    { name: 'model', image: { reference: 'acme/model' } },
    { name: 'later', image: { reference: '' } },
  ],
};

const placesOf = (source: SubjectSource): string[] =>
  imagesOf(subjectOf(source)).map(
    ({ reference, at, container, volume }) => `${reference} ${at('reference')} ${container ?? `volume ${volume}`}`,
  );

test('containers of all kinds, then volumes', () => {
  expect(placesOf({ pod: { spec } })).toEqual([
    'setup:1 /spec/initContainers/0/image setup',
    'auto /spec/containers/0/image proxy',
    'busybox /spec/ephemeralContainers/0/image debug',
    'acme/model /spec/volumes/1/image/reference volume model',
  ]);
});

test('a template leaves some to others', () => {
  expect(placesOf({ pod: { spec }, workload: { kind: 'Deployment', name: 'web' } })).toEqual([
    'setup:1 /spec/initContainers/0/image setup',
    'busybox /spec/ephemeralContainers/0/image debug',
    'acme/model /spec/volumes/1/image/reference volume model',
  ]);
});
