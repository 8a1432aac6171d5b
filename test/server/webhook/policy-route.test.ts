import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from '../start-server.ts';
import { startApp, testClient, testFolder, until } from '../support.ts';

const policyText = (more: string): string => `apiVersion: podwright.dev/v1alpha1\nkind: Policy\n${more}`;

function reviewOf(text: string | undefined, request: object = {}): string {
  const configMap = (data: object | undefined) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'podwright-policy', namespace: 'podwright-system' },
    data,
  });
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'uid-1',
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      name: 'podwright-policy',
      namespace: 'podwright-system',
      operation: 'UPDATE',
      userInfo: { username: 'ann' },
      object: configMap(text === undefined ? undefined : { 'policy.yaml': text }),
      oldObject: configMap({ 'policy.yaml': '' }),
      ...request,
    },
  });
}

test('an edit is read as the server reads its policy, and compared with the policy in force', async () => {
  const folder = testFolder();
  const [policyFile, caFile] = [join(folder, 'policy.yaml'), join(folder, 'ca.pem')];
  writeFileSync(policyFile, policyText('mode: audit\n'));
  const { port, lines, valueOf } = await startServer({ policyFile, certificate: { hosts: [], caFile } });
  const client = testClient(port, readFileSync(caFile, 'utf8'));
  const answerTo = async (text: string | undefined, request = {}): Promise<unknown> =>
    (
      JSON.parse((await client.post('/validate-policy?timeout=5s', reviewOf(text, request))).text) as {
        response: object;
      }
    ).response;

  expect(await answerTo(policyText('controlers: warn\nrules:\n  no-host-netwrok: {}\n'))).toEqual({
    uid: 'uid-1',
    allowed: false,
    auditAnnotations: { verdict: 'deny' },
    status: {
      code: 403,
      reason: 'Forbidden',
      message: [
        'ConfigMap podwright-system/podwright-policy is refused, because its policy has 2 problems: policy.yaml:3:1: controlers: unknown key; did you mean "controllers"?',
        '  policy.yaml:5:3: rules.no-host-netwrok: there is no such rule; did you mean "no-host-network"?',
        'The policy in force stays. To check a policy beforehand: podwright policy check FILE',
      ].join('\n'),
    },
  });
  expect(await answerTo(policyText('mode: enforce\n'))).toEqual({
    uid: 'uid-1',
    allowed: true,
    auditAnnotations: { verdict: 'allow' },
    warnings: ['podwright: policy changes: mode audit -> enforce'],
  });
  expect(await answerTo(' \n')).toMatchObject({ allowed: false });
  expect(await answerTo(`# ${'x'.repeat(1024 * 1024)}`)).toMatchObject({
    status: {
      message: expect.stringContaining('its policy is invalid: policy.yaml: is larger than 1 MiB\n') as string,
    },
  });

  writeFileSync(policyFile, policyText('mode: enforce\n'));
  await until(() => lines.some(({ msg }) => msg === 'a new policy is in force'));
  expect(await answerTo(policyText('mode: enforce # really\n'))).not.toHaveProperty('warnings');
  expect(await answerTo(undefined, { operation: 'DELETE', object: null })).toMatchObject({
    allowed: true,
    warnings: ['podwright: the last valid policy stays in force without this ConfigMap'],
  });

  const series = (operation: string, verdict: string) =>
    valueOf(
      `admission_requests_total{webhook="policy.validate.podwright.dev",operation="${operation}",verdict="${verdict}",dry_run="false"}`,
    );
  expect(await Promise.all([series('UPDATE', 'deny'), series('UPDATE', 'allow'), series('other', 'allow')])).toEqual([
    3, 2, 1,
  ]);
  const logged = lines.filter(({ webhook }) => webhook === 'policy.validate.podwright.dev');
  expect(logged.map(({ operation, verdict, note }) => ({ operation, verdict, note }))).toEqual([
    {
      operation: 'UPDATE',
      verdict: 'deny',
      note: 'policy.yaml:3:1: controlers: unknown key; did you mean "controllers"?',
    },
    { operation: 'UPDATE', verdict: 'allow', note: 'policy changes: mode audit -> enforce' },
    { operation: 'UPDATE', verdict: 'deny', note: 'policy.yaml:1:1: the file is empty' },
    { operation: 'UPDATE', verdict: 'deny', note: 'policy.yaml: is larger than 1 MiB' },
    {
      operation: 'DELETE',
      verdict: 'allow',
      note: 'the last valid policy stays in force without this ConfigMap',
    },
  ]);
});

test('what cannot be read or checked is admitted with a warning, as failurePolicy: Ignore would', async () => {
  const { client, lines } = await startApp({ load: () => Promise.reject(new Error('broken')) });
  const unchecked = {
    response: {
      uid: 'uid-1',
      allowed: true,
      warnings: ['podwright: the policy could not be checked; see the log'],
    },
  };
  expect(JSON.parse((await client.post('/validate-policy', reviewOf('x'))).text)).toMatchObject(unchecked);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'error', msg: 'an edit of the policy could not be checked; please report this' }),
  );
  const cut = '{"request":{"uid":"uid-1"';
  expect(JSON.parse((await client.post('/validate-policy', cut)).text)).toMatchObject(unchecked);
  expect((await client.post('/validate-policy', '{')).status).toBe(400);
});
