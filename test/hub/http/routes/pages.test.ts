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
  mkdirSync(join(folder, 'admin-ui'));
  writeFileSync(join(folder, 'admin-ui', 'index.html'), '<!doctype html><title>admin</title>');
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

const ask = (asked: HttpRig, url: string) => asked.anonymous({ url, headers: html });

describe('the Socket.IO Admin UI', () => {
  test('is not there unless it is on', async () => {
    for (const url of ['/admin-ui/', '/admin-ui/index.html'])
      expect((await ask(rig, url)).statusCode).toBe(404);
  });

  test('may have a style element of its own where it is, and only there', async () => {
    const on = await HttpRig.start({ dashboardsFolder: folder, adminUi: true });
    const page = await ask(on, '/admin-ui/');
    expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining('admin')]);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    expect(policy).toContain("script-src 'self';");
    const dashboards = await ask(on, '/');
    expect(dashboards.headers['content-security-policy']).toBe(policy.replace(" 'unsafe-inline'", ''));
    expect((await ask(on, '/admin-ui/gone.js')).statusCode).toBe(404);
    expect((await ask(on, '/admin-ui/..%2f..%2fsecret.txt')).statusCode).toBe(404);
  });
});
