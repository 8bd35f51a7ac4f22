import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TokenInfo } from '#contract/access.ts';
import { fleetToken } from '../../../simulators/demo/fleet-token.ts';
import { HubApi } from '../../../simulators/demo/hub-api.ts';
import { HttpStub } from '../support/http-stub.ts';

let hub: HttpStub;
let folder: string;
let known: TokenInfo[];
let made: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-token-'));
  hub = await HttpStub.start();
  known = [];
  made = 0;
  hub.answer = ({ line, body }) => {
    if (line.startsWith('GET')) return { body: { items: known } };
    made += 1;
    const info = {
      id: `t${made}`,
      createdAt: 0,
      ...(JSON.parse(body) as Omit<TokenInfo, 'id' | 'createdAt'>),
    };
    known.push(info);
    return { status: 201, body: { secret: `secret-${made}`, info } };
  };
});
afterEach(async () => {
  await hub.stop();
  rmSync(folder, { recursive: true });
});

const obtain = (groups = ['a', 'b']) =>
  fleetToken(new HubApi({ url: hub.url, token: 'admin' }), folder, groups);

describe('the fleet’s token', () => {
  test('is made once, kept for its owner only, and used again', async () => {
    expect(await obtain()).toBe('secret-1');
    expect(statSync(join(folder, 'demo-token.json')).mode & 0o777).toBe(0o600);
    expect(await obtain()).toBe('secret-1');
    expect(made).toBe(1);
  });

  test('is closed to others even if its file was open before', async () => {
    writeFileSync(join(folder, 'demo-token.json'), 'not json', { mode: 0o644 });
    await obtain();
    expect(statSync(join(folder, 'demo-token.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'demo-token.json'), 'utf8')).toContain('secret-1');
  });

  const useless = {
    'the hub does not know it any more': () => (known = []),
    'it was revoked': () => (known = known.map((info) => ({ ...info, revokedAt: 1 }))),
    'it has expired': () => (known = known.map((info) => ({ ...info, expiresAt: 1 }))),
    'it does not cover the groups': () => (known = known.map((info) => ({ ...info, groups: ['a'] }))),
  };
  for (const [why, spoil] of Object.entries(useless)) {
    test(`is made anew when ${why}`, async () => {
      await obtain();
      spoil();
      expect(await obtain()).toBe('secret-2');
    });
  }
});
