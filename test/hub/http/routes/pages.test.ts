import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

const parent = mkdtempSync(join(tmpdir(), 'signalbox-pages-'));
const folder = join(parent, 'dist');
const html = { accept: 'text/html,application/xhtml+xml' };
let rig: HttpRig;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>dashboards</title>');
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'export {};');
  writeFileSync(join(folder, '.env'), 'secret');
  symlinkSync(join(parent, 'secret.txt'), join(folder, 'link.txt'));
  rig = await HttpRig.start({ dashboardsFolder: folder });
});
afterAll(() => rmSync(parent, { recursive: true }));

describe('the dashboards', () => {
  test('open at / and at every address that the application knows', async () => {
    for (const url of ['/', '/index.html', '/groups/plant', '/groups/plant/devices/pump.v1']) {
      const answer = await rig.anonymous({ url, headers: html });
      expect([url, answer.statusCode, answer.headers['cache-control']]).toEqual([url, 200, 'no-cache']);
      expect(answer.body).toContain('dashboards');
    }
  });

  test('have files that are kept for ever, since their names hold a hash', async () => {
    const answer = await rig.anonymous({ url: '/assets/main-abc123.js' });
    expect(answer.headers['content-type']).toMatch(/javascript/);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test('what is not there is 404 for what is not a page', async () => {
    for (const request of [
      { url: '/assets/gone.js' },
      { url: '/api/v1/nothing', headers: html },
      { url: '/favicon.ico' },
    ]) {
      const answer = await rig.anonymous(request);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found']);
    }
  });

  test('only GET and HEAD are answered', async () => {
    expect((await rig.anonymous({ method: 'HEAD', url: '/', headers: html })).statusCode).toBe(200);
    expect((await rig.anonymous({ method: 'POST', url: '/', headers: html })).statusCode).toBe(404);
  });

  const outside = [
    '/.env',
    '/link.txt',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
  ];
  for (const url of [
    ...outside,
    '/..%5csecret.txt',
    '/%00',
    '//secret.txt',
    '/./.env',
    '/assets%2f..%2f.env',
    '/%zz',
  ])
    test(`${url} leads nowhere`, async () => {
      const answer = await rig.anonymous({ url });
      expect([400, 404]).toContain(answer.statusCode);
      expect(answer.body).not.toMatch(/^secret/);
    });

  test('when they are not built, / says what to do', async () => {
    const bare = await HttpRig.start();
    const answer = await bare.anonymous({ url: '/', headers: html });
    expect(answer.body).toContain('npm run build:dashboards');
  });
});
