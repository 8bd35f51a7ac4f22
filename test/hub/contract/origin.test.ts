import { expect, test } from 'vitest';
import { isAllowedOrigin } from '#contract/origin.ts';

const allowed = ['https://panel.example:8443'];

test('the own host is always welcome, whatever the scheme in front of a proxy', () => {
  expect(isAllowedOrigin('http://127.0.0.1:8080', '127.0.0.1:8080', [])).toBe(true);
  expect(isAllowedOrigin('https://hub.example', 'hub.example', [])).toBe(true);
  expect(isAllowedOrigin('http://[::1]:8080', '[::1]:8080', [])).toBe(true);
  expect(isAllowedOrigin('http://hub.example', 'HUB.example', [])).toBe(true);
});

test('a listed origin is welcome, exactly as listed', () => {
  expect(isAllowedOrigin('https://panel.example:8443', 'hub.example', allowed)).toBe(true);
  expect(isAllowedOrigin('http://panel.example:8443', 'hub.example', allowed)).toBe(false);
  expect(isAllowedOrigin('https://panel.example', 'hub.example', allowed)).toBe(false);
});

test('no origin means no browser', () => {
  expect(isAllowedOrigin(undefined, 'hub.example', [])).toBe(true);
});

const foreign = [
  'https://evil.example',
  'http://hub.example.evil.example',
  'http://hub.example@evil.example',
  'null',
  '',
  'http://hub.example:8081',
  'hub.example',
  'file://hub.example',
  'http://hub.example/',
  'http://hub.example\u0000',
  'http://evil.example#hub.example',
  'http://a b',
  'http://hub.example, http://evil.example',
  'javascript:hub.example',
];
for (const origin of foreign)
  test(`${JSON.stringify(origin)} is foreign`, () => {
    expect(isAllowedOrigin(origin, 'hub.example', allowed)).toBe(false);
    expect(isAllowedOrigin(origin, undefined, allowed)).toBe(false);
  });
