import { describe, expect, test } from 'vitest';
import { matchesSelector } from '../../src/subject/label-selector.ts';

const labels = { app: 'web', 'app.kubernetes.io/part-of': 'shop', empty: '' };

describe('matchesSelector', () => {
  test.each([
    'app=web',
    'app==web',
    ' app = web ',
    'app!=api',
    'tier!=front',
    'app',
    '!tier',
    'app in (api, web)',
    'app notin (api,db)',
    'tier notin (api)',
    'app.kubernetes.io/part-of=shop,app',
    'app in (web),!tier,empty=',
    'empty in ()',
  ])('%s holds', (selector) => {
    expect(matchesSelector(selector, labels)).toBe(true);
  });

  test.each([
    'app=api',
    'tier=web',
    'app!=web',
    'tier',
    '!app',
    'app in (api)',
    'app notin (web)',
    'tier in (web)',
    'app=web,tier',
    'app=web,app=api',
    'toString',
  ])('%s does not', (selector) => {
    expect(matchesSelector(selector, labels)).toBe(false);
  });

  test.each(['', ',', 'app=web,', 'app web', 'app in web', 'app=(web)', '=web', 'app in (web', '!app=web'])(
    '%j is none and matches nothing',
    (selector) => {
      expect(matchesSelector(selector, labels)).toBe(false);
    },
  );
});
