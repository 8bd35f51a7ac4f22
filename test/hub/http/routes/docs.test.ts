import { beforeEach, describe, expect, test } from 'vitest';
import type { AsyncApiDocument } from '../../../../hub/http/asyncapi.ts';
import type { OpenApiDocument } from '../../../../hub/http/docs-page.ts';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('the page of the documentation', () => {
  test('shows every route and runs no script', async () => {
    const answer = await rig.anonymous({ url: '/docs' });
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    const { paths } = (await rig.anonymous({ url: '/api/v1/openapi.json' })).json<OpenApiDocument>();
    expect(Object.keys(paths ?? {}).length).toBeGreaterThan(15);
    for (const path of Object.keys(paths ?? {})) expect(answer.body).toContain(path);
    const { channels } = (await rig.anonymous({ url: '/api/v1/asyncapi.json' })).json<AsyncApiDocument>();
    expect(Object.keys(channels).length).toBeGreaterThan(8);
    for (const { address } of Object.values(channels)) expect(answer.body).toContain(address);
    expect(answer.body).not.toMatch(/<script|\sstyle=|\son\w+=|https?:\/\//);
    const style = await rig.anonymous({ url: '/docs/style.css' });
    expect(style.headers['content-type']).toMatch(/^text\/css/);
  });
});
