import { expect, test } from 'vitest';
import { rejectionLines } from '../../src/cli/rejection-lines.ts';

const refusal = (resource: string, scope: string, verb = 'list', tail = '') => {
  const [plural = '', ...group] = resource.split('.');
  return {
    resource,
    message: `${resource} is forbidden: User "jane" cannot ${verb} resource "${plural}" in API group "${group.join('.')}" ${scope}${tail}`,
  };
};

test('refusals that differ by the resource alone are one line', () => {
  const everywhere = 'at the cluster scope';
  expect(
    rejectionLines([
      refusal('pods', everywhere),
      refusal('deployments.apps', everywhere),
      refusal('cronjobs.batch', everywhere),
      { resource: 'namespaces', message: refusal('namespaces "shop"', 'in the namespace "shop"', 'get').message },
      { resource: 'rollouts.argoproj.io', message: 'the API server answered 503 Service Unavailable' },
      { resource: 'sets.example.com', message: 'the API server answered 503 Service Unavailable' },
      { resource: 'apis', message: 'forbidden: User "jane" cannot get path "/apis"' },
    ]),
  ).toMatchInlineSnapshot(`
    [
      "apis: forbidden: User "jane" cannot get path "/apis"",
      "cronjobs.batch, deployments.apps, pods: User "jane" cannot list them at the cluster scope",
      "namespaces "shop" is forbidden: User "jane" cannot get resource "namespaces "shop"" in API group "" in the namespace "shop"",
      "rollouts.argoproj.io, sets.example.com: the API server answered 503 Service Unavailable",
    ]
  `);
});

test('an authorizer may name the resource again', () => {
  const tail = (plural: string) => `: requires one of ["container.${plural}.list"] permission(s).`;
  expect(
    rejectionLines(
      ['pods', 'deployments.apps'].map((each) => refusal(each, 'here', 'list', tail(each.split('.')[0] ?? ''))),
    ),
  ).toMatchInlineSnapshot(`
    [
      "deployments.apps, pods: User "jane" cannot list them here: requires one of ["container.pods.list"] permission(s).",
    ]
  `);
});

test('what is one of its kind is told as the API server puts it', () => {
  expect(rejectionLines([refusal('limitranges', 'in the namespace "shop"')])).toEqual([
    'limitranges is forbidden: User "jane" cannot list resource "limitranges" in API group "" in the namespace "shop"',
  ]);
});
