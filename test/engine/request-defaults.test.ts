import { expect, test } from 'vitest';
import {
  defaultsFor,
  placedWorkloadPattern,
  type RequestDefault,
  valueFor,
} from '../../src/engine/request-defaults.ts';

const entry = (value: string, container: string | undefined, ...workloads: string[]): RequestDefault => ({
  workloads,
  container,
  value,
});
const defaults = [
  entry('1', 'app', 'shop/Deployment/web'),
  entry('2', 'app', 'shop/Deployment/*', 'pay/Deployment/api'),
  entry('3', 'istio-*', '*/*/*'),
  entry('4', undefined, 'shop/Deployment/web'),
  entry('5', undefined, 'team-*/StatefulSet/db'),
];
const valueIn = (container: string, ...workloads: string[]) => valueFor(defaultsFor(defaults, workloads), container);

test.each([
  ['app', ['shop/Deployment/web'], '1'],
  ['app', ['shop/Deployment/api'], '2'],
  ['app', ['pay/Deployment/api'], '2'],
  ['istio-proxy', ['shop/Deployment/web'], '3'],
  ['proxy', ['shop/Deployment/web'], '4'],
  ['proxy', ['shop/Deployment/api'], undefined],
  ['db', ['team-a/StatefulSet/db'], '5'],
  ['db', ['team-a/StatefulSet/db2'], undefined],
  ['app', ['other/Deployment/web'], undefined],
  ['app', ['shop/StatefulSet/web'], undefined],
  // a Job may belong to a CronJob: the first entry for any of its names
  ['app', ['pay/Job/x-1', 'shop/Deployment/web'], '1'],
  ['app', [], undefined],
])('container %s of %j', (container, workloads, value) => {
  expect(valueIn(container, ...workloads)).toBe(value);
});

test.each(['shop/Deployment/web', '*/*/*', 'shop/*/web', 'team-*/StatefulSet/db.v1'])('%s is a workload', (text) => {
  expect(text).toMatch(new RegExp(placedWorkloadPattern));
});

test.each(['Deployment/web', 'shop/web', 'Shop/Deployment/web', 'shop/deployment/web', '*', 'shop/*'])(
  '%s is none',
  (text) => {
    expect(text).not.toMatch(new RegExp(placedWorkloadPattern));
  },
);

test('the work does not grow with the list', () => {
  let read = 0;
  const counted = (index: number, workload: string): RequestDefault => ({
    workloads: [workload],
    get container() {
      read += 1;
      return 'app';
    },
    value: String(index),
  });
  const many = Array.from({ length: 20_000 }, (_, index) =>
    counted(index, `team-${index % 1000}/Deployment/${index % 2 === 0 ? `web-${index}` : `api-${index}-*`}`),
  );
  for (let index = 0; index < 20_000; index += 2)
    expect(valueFor(defaultsFor(many, [`team-${index % 1000}/Deployment/web-${index}`]), 'app')).toBe(String(index));
  expect(read).toBe(2 * 10_000);
});
