import { expect, test } from 'vitest';
import { actionsOf } from '../../src/subject/actions.ts';
import { subjectOf } from '../../src/subject/pod-subject.ts';

test('every probe and hook that a container has, with its place', () => {
  const handler = { tcpSocket: { port: 80 } };
  const container = {
    name: 'app',
    lifecycle: { postStart: handler, preStop: handler, stopSignal: 'SIGINT' },
    livenessProbe: handler,
    readinessProbe: handler,
    startupProbe: handler,
  };
  const views = subjectOf({ pod: { spec: { containers: [container, { name: 'bare', lifecycle: {} }] } } }).containers;
  expect(views.flatMap(actionsOf).map(({ field, handler, at }) => [field, handler.tcpSocket, at('tcpSocket')])).toEqual(
    [
      ['livenessProbe', { port: 80 }, '/spec/containers/0/livenessProbe/tcpSocket'],
      ['readinessProbe', { port: 80 }, '/spec/containers/0/readinessProbe/tcpSocket'],
      ['startupProbe', { port: 80 }, '/spec/containers/0/startupProbe/tcpSocket'],
      ['lifecycle.postStart', { port: 80 }, '/spec/containers/0/lifecycle/postStart/tcpSocket'],
      ['lifecycle.preStop', { port: 80 }, '/spec/containers/0/lifecycle/preStop/tcpSocket'],
    ],
  );
});
