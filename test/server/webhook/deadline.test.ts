import { expect, test } from 'vitest';
import type { Mode } from '../../../src/engine/rule.ts';
import { pointer } from '../../../src/patch/pointer.ts';
import { madeUpRule, worldOf } from '../made-up-rule.ts';
import { goodPod, reviewText, startApp } from '../support.ts';

/** Never comes to an end by itself. */
const endless = madeUpRule('endless', {
  *check() {
    while (true) yield { path: pointer('spec'), message: 'goes on; wait' };
  },
});

const message = 'podwright could not evaluate this in time; retry, and if it persists make the object smaller';

test.each<[Mode, object]>([
  [
    'enforce',
    { allowed: false, status: { code: 504, reason: 'Timeout', message }, auditAnnotations: { verdict: 'deny' } },
  ],
  ['audit', { allowed: true, auditAnnotations: { verdict: 'audit_deny' } }],
])(
  'a rule that never ends is cut off before the caller gives up; the verdict is that of mode %s',
  async (mode, verdict) => {
    const { client, valueOf } = await startApp({ world: worldOf([{ rule: endless, fix: true }], mode) });
    async function responseTo(path: string): Promise<object> {
      const { status, text } = await client.post(`${path}?timeout=1s`, reviewText(goodPod));
      expect(status).toBe(200);
      return (JSON.parse(text) as { response: object }).response;
    }
    expect(await responseTo('/validate')).toEqual({ uid: 'uid-1', ...verdict });
    expect(await valueOf('admission_deadline_exceeded_total')).toBe(1);
    expect(await valueOf('admission_in_flight')).toBe(0);
  },
);
