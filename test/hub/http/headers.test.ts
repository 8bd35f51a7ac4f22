import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from './support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('security headers', () => {
  test('nothing inline, nothing from elsewhere, live data from this host alone', async () => {
    const answer = await rig.anonymous({ url: '/docs', headers: { host: 'hub.local:8080' } });
    const policy = String(answer.headers['content-security-policy']).split(';');
    expect(policy).toEqual([
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self' ws://hub.local:8080 wss://hub.local:8080",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });

  test('a Host header cannot write the policy', async () => {
    for (const host of ['evil.example; script-src *', 'a b', "x' 'unsafe-inline"]) {
      const answer = await rig.anonymous({ url: '/docs', headers: { host } });
      expect(answer.headers['content-security-policy']).toContain("connect-src 'self' 'self';");
    }
  });

  test('what is no page may do nothing where it is opened as one, in few words', async () => {
    for (const url of ['/livez', '/api/v1/openapi.json', '/api/v1/status']) {
      const { headers } = await rig.anonymous({ url });
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
      expect(Object.keys(headers)).not.toContain('x-frame-options');
    }
  });

  for (const [what, url, status] of [
    ['a page that is not there', '/nothing', 404],
    ['a request that is refused', '/api/v1/status', 401],
    ['an address that cannot be read', '/%zz', 400],
  ] as const)
    test(`come with ${what}, too`, async () => {
      const { statusCode, headers } = await rig.anonymous({ url });
      expect([statusCode, headers['x-content-type-options']]).toEqual([status, 'nosniff']);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    });

  test('leave the promise of TLS to the proxy that has it', async () => {
    const { headers } = await rig.anonymous({ url: '/docs' });
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});
