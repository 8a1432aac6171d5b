import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, fixedAnnotation } from '../../src/engine/evaluate.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import { type PatchOperation, toJsonPatch } from '../../src/patch/json-patch.ts';
import { pointer, valueAt } from '../../src/patch/pointer.ts';
import { type SubjectSource, subjectOf } from '../../src/subject/pod-subject.ts';
import { acceptedPod } from '../support/accepted-pods.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { expectMinimal } from '../support/minimal-patch.ts';
import { hostilePod, podSpec } from '../support/pods.ts';
import { everythingOn } from '../support/policies.ts';
import { runsOf } from '../support/property-runs.ts';

const policy = everythingOn();
const circumstances = { minor: 36 };
/** Pods of which the API server would refuse some, and Pods over the whole catalogue that it takes. */
const source = fc
  .oneof(
    podSpec.map((spec): SubjectSource['pod'] => ({ metadata: { name: 'web' }, spec })),
    acceptedPod,
  )
  .map((pod): SubjectSource => deepFreeze({ pod }));

const repaired = (before: SubjectSource, patch: readonly PatchOperation[]): SubjectSource => ({
  pod: applyPatch(before.pod, patch) as SubjectSource['pod'],
});

describe('whatever the Pod', () => {
  test('the patch applies, does what it claims and needs no second one', () => {
    let patched = 0;
    fc.assert(
      fc.property(source, (before) => {
        const first = evaluate(before, policy, circumstances);
        expect(first.rejectedPatch).toBeUndefined();
        expectMinimal(first.patch, before.pod);
        if (first.patch.length > 0) patched++;
        const second = evaluate(repaired(before, first.patch), policy, circumstances);
        expect(second.patch).toEqual([]);
        for (const finding of first.findings.filter(({ repairable }) => repairable)) expect(finding.fixed).toBe(true);
        const left = first.findings.filter(({ fixed }) => !fixed);
        expect(second.findings.map(({ rule, path }) => [rule.id, path])).toEqual(
          left.map(({ rule, path }) => [rule.id, path]),
        );
      }),
      { numRuns: 100 },
    );
    expect(patched).toBeGreaterThan(50);
  });

  test('nothing that was set is overridden', () => {
    fc.assert(
      fc.property(source, (before) => {
        for (const { op, path } of evaluate(before, policy, circumstances).patch) {
          if (op === 'add' && path.endsWith('/-')) continue;
          const was = valueAt(before.pod, path);
          if (path === '/spec/terminationGracePeriodSeconds' || path.endsWith(pointer(fixedAnnotation))) continue;
          // the one exception: a hook that the kubelet cannot run
          if (path.endsWith('/lifecycle/preStop') && JSON.stringify(was)?.includes('tcpSocket')) continue;
          expect({ path, was }).toEqual({ path, was: undefined });
        }
      }),
      { numRuns: 100 },
    );
  });

  test('no fix raises privilege or makes the Pod invalid', () => {
    fc.assert(
      fc.property(source, (before) => {
        const after = repaired(before, evaluate(before, policy, circumstances).patch);
        expect(invalidities(after)).toEqual(invalidities(before));
        expect(privileges(after)).toEqual(privileges(before));
      }),
      { numRuns: 100 },
    );
  });

  test('a template is evaluated as the Pod that it becomes', () => {
    fc.assert(
      fc.property(source, ({ pod }) => {
        const ofPod = evaluate({ pod }, policy, circumstances);
        const workload = subjectOf({ pod }).owner ?? { kind: 'Deployment', name: 'web' };
        const ofTemplate = evaluate({ pod, workload }, policy, circumstances);
        const places = (evaluation: typeof ofPod) =>
          evaluation.findings.filter(({ rule }) => rule.id !== 'no-bare-pods').map(({ rule, path }) => [rule.id, path]);
        expect(places(ofTemplate)).toEqual(places(ofPod));
      }),
      { numRuns: 100 },
    );
  });

  test('neither evaluate nor any rule throws, even for hostile input', () => {
    fc.assert(
      fc.property(hostilePod, (pod) => {
        const evaluation = evaluate({ pod: deepFreeze(pod) as SubjectSource['pod'] }, policy, circumstances);
        expect(evaluation.failures).toEqual([]);
        expect(evaluation.rejectedPatch).toBeUndefined();
        expect(Object.prototype).not.toHaveProperty('hostNetwork');
      }),
      { numRuns: runsOf(400) },
    );
  });

  test('edits that are true give no operation', () => {
    fc.assert(
      fc.property(source, (before) => {
        const { patch, findings } = evaluate(before, { ...policy, annotate: false }, circumstances);
        const edits = findings.flatMap(({ fixed, fix }) => (fixed ? (fix?.() ?? []) : []));
        expect(toJsonPatch(repaired(before, patch).pod, edits)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

/** Combinations that the API server refuses. */
function invalidities(of: SubjectSource): string[] {
  const { containers, spec, onWindows } = subjectOf(of);
  const grace = spec.terminationGracePeriodSeconds ?? 30;
  return containers.flatMap(({ name, role, security, spec: container }) => {
    const admin = security.privileged === true || security.capabilities?.add?.includes('CAP_SYS_ADMIN') === true;
    const sleep = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    return [
      security.allowPrivilegeEscalation === false && admin && `${name}: privileged without escalation`,
      sleep > grace && `${name}: sleeps ${sleep} of ${grace}`,
      new Set(mounts).size < mounts.length && `${name}: two mounts at one path`,
      mounts.length > 0 &&
        container.volumeMounts?.some((mount) => !spec.volumes?.some((volume) => volume.name === mount.name)) &&
        `${name}: mounts no volume`,
      role === 'init' && container.lifecycle !== undefined && `${name}: an init container with hooks`,
      onWindows && security.capabilities !== undefined && `${name}: capabilities on Windows`,
    ].filter((problem) => typeof problem === 'string');
  });
}

/** What the Pod may do, container by container; a fix may only take away. */
function privileges(of: SubjectSource): unknown {
  const { containers, spec } = subjectOf(of);
  return {
    host: [spec.hostNetwork, spec.hostPID, spec.hostIPC],
    containers: containers.map(({ name, security, effective }) => ({
      name,
      privileged: security.privileged,
      isRoot: effective.runAsUser === 0,
      added: security.capabilities?.add,
      mayBeRoot: effective.runAsNonRoot === false,
      unconfined: effective.seccompProfile?.type === 'Unconfined',
    })),
  };
}
