import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from './support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

const precisions = 'n, ns, u, us, ms, s, m, h';

describe('What does not fit its schema', () => {
  for (const path of ['/api/v2/write?bucket=plant', '/write?db=plant', '/api/v1/groups/plant/import?a=b'])
    test(`${path}: says which parameter, what is allowed and what was given`, async () => {
      const headers = { 'content-type': 'text/plain' };
      const url = `${path}&precision=fortnights`;
      const answer = await rig.request({ method: 'POST', url, payload: 'm f=1', headers });
      expect(answer.statusCode).toBe(400);
      expect(answer.body).toContain(
        `The parameter precision must be one of ${precisions}; it is \\"fortnights\\".`,
      );
      expect(rig.ingest.deliveries).toEqual([]);
    });

  test('a parameter that is given twice is shown as what it came to', async () => {
    const url = '/write?db=plant&precision=s&precision=ms';
    const answer = await rig.request({ method: 'POST', url, payload: 'm f=1' });
    expect(answer.json()).toMatchObject({ message: expect.stringContaining('it is ["s","ms"].') });
  });

  test('a body of another type is told which types the route takes', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const url = '/api/v1/groups/plant/devices/a/telemetry';
    const answer = await rig.request({ method: 'POST', url, payload: '{"t":1}', headers });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      415,
      'unsupported-media-type',
    ]);
    expect(answer.json<{ detail: string }>().detail).toBe(
      'The Content-Type must be one of application/json, application/senml+json, application/x-ndjson; ' +
        'it is "application/x-www-form-urlencoded".',
    );
    const token = await rig.request({ method: 'POST', url: '/api/v1/tokens', payload: 'a=1', headers });
    expect(token.json<{ detail: string }>().detail).toMatch(
      /^The Content-Type must be one of application\/json; /,
    );
  });

  test('what was given is shortened', async () => {
    const answer = await rig.request({
      method: 'POST',
      url: `/write?db=plant&precision=${'x'.repeat(500)}`,
    });
    expect(answer.body.length).toBeLessThan(500);
  });

  test('of a body the place is named, and never what it holds', async () => {
    const payload = { name: 'bed 7', role: 'secret-role', groups: ['plant'] };
    const answer = await rig.request({ method: 'POST', url: '/api/v1/tokens', payload });
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(answer.json<{ detail: string }>().detail).toMatch(/^In the body \/role must be one of /);
    expect(answer.body).not.toContain('secret-role');
  });
});
