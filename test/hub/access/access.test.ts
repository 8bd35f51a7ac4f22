import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#contract/access.ts';
import { AccessControl } from '../../../hub/access/access.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryAudit, MemoryTokenStore } from './support.ts';

const hourMs = 3_600_000;
let clock: ManualClock;
let store: MemoryTokenStore;
let audit: MemoryAudit;
let counters: CountersProbe;
let access: AccessControl;
let admin: Principal;
let ended: { tokenId: string; sessionId?: string }[];

function open(): Promise<AccessControl> {
  return AccessControl.open({ store, audit, clock, random: randomBytes, log: silentLog, counters });
}

beforeEach(async () => {
  clock = new ManualClock();
  store = new MemoryTokenStore();
  audit = new MemoryAudit();
  counters = new CountersProbe();
  access = await open();
  admin = access.authenticate((await access.bootstrap()) ?? '') as Principal;
  ended = [];
  access.onEnded((principal) => ended.push(principal));
});

const nowMs = (): number => clock.nowUs() / 1000;
const viewer = { name: 'wall panel', role: 'viewer', groups: ['plant'] } as const;

describe('the first start', () => {
  test('makes one admin token of all groups, and no other start does', async () => {
    expect(admin).toMatchObject({ role: 'admin', groups: '*' });
    expect(await access.bootstrap()).toBeUndefined();
    expect(await (await open()).bootstrap()).toBeUndefined();
    expect(await (await open()).bootstrap(undefined, true)).toMatch(/^sbx_/);
  });

  test('the secret is kept before the token exists: no crash leaves a token whose secret nobody has', async () => {
    await access.revokeToken(admin.tokenId, admin);
    const next = await open();
    let tokensThen = -1;
    const secret = await next.bootstrap(
      () => (tokensThen = next.tokens().filter((token) => !token.revokedAt).length),
    );
    expect(tokensThen).toBe(0);
    expect(next.authenticate(secret ?? '')).toMatchObject({ role: 'admin' });
  });

  test('two hubs have different tokens', async () => {
    const first = await access.createToken(viewer, admin);
    expect((await access.createToken(viewer, admin)).secret).not.toBe(first.secret);
  });

  test('when the last admin token is revoked, the next start makes a new one', async () => {
    await access.revokeToken(admin.tokenId, admin);
    expect(await (await open()).bootstrap()).toMatch(/^sbx_/);
  });
});

describe('tokens', () => {
  test('the secret is shown once and is nowhere in the store, the list or the audit log', async () => {
    const { secret } = await access.createToken(viewer, admin);
    const kept = JSON.stringify([[...store.tokens], access.tokens(), audit.entries]);
    expect(kept).not.toContain(secret.split('_')[2]);
    expect(JSON.stringify(access.tokens())).not.toContain('secretHash');
  });

  test('a token opens what it was made for, after a restart too', async () => {
    const { secret, info } = await access.createToken(viewer, admin);
    for (const hub of [access, await open()])
      expect(hub.authenticate(secret)).toMatchObject({ id: info.id, role: 'viewer', groups: ['plant'] });
  });

  test('a right id with a wrong secret, and any other text, open nothing and are counted', async () => {
    const { secret } = await access.createToken(viewer, admin);
    const wrong = [`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`, '', 'sbx_', 'x'.repeat(1e6)];
    for (const text of wrong) expect(access.authenticate(text)).toBeUndefined();
    expect(counters.counts.get('access.refused/token')).toBe(wrong.length);
  });

  test('a token ends when its time is over: at the next use, and for live connections by the timer', async () => {
    const { secret, info } = await access.createToken({ ...viewer, expiresAt: nowMs() + hourMs }, admin);
    clock.advance(hourMs - 1);
    expect(access.authenticate(secret)).toBeDefined();
    expect(ended).toEqual([]);
    clock.advance(1);
    expect(access.authenticate(secret)).toBeUndefined();
    expect(ended).toEqual([{ tokenId: info.id }]);
    clock.advance(hourMs);
    expect(ended).toHaveLength(1);
  });

  test('a wall clock that jumps ends a token within a minute', async () => {
    await access.createToken({ ...viewer, expiresAt: nowMs() + 24 * hourMs }, admin);
    clock.jump(25 * hourMs);
    clock.advance(60_000);
    expect(ended).toHaveLength(1);
  });

  test('a revoked token opens nothing from that moment, whatever the disk does', async () => {
    const { secret, info } = await access.createToken(viewer, admin);
    const revoking = access.revokeToken(info.id, admin);
    expect(access.authenticate(secret)).toBeUndefined();
    expect(ended).toEqual([{ tokenId: info.id }]);
    expect(await revoking).toBe(true);
    expect((await open()).authenticate(secret)).toBeUndefined();
  });

  test('a token is revoked once', async () => {
    const { info } = await access.createToken(viewer, admin);
    await access.revokeToken(info.id, admin);
    expect(await access.revokeToken(info.id, admin)).toBe(false);
    expect(await access.revokeToken('unknown', admin)).toBe(false);
    expect(ended).toHaveLength(1);
  });

  test('a changed token opens something else from that moment, whatever the disk does, and after a restart', async () => {
    const { secret, info } = await access.createToken({ ...viewer, groups: ['plant', 'office'] }, admin);
    const changing = access.changeToken(info.id, { groups: ['office'] }, admin);
    expect(access.authenticate(secret)).toMatchObject({ groups: ['office'], role: 'viewer' });
    expect(ended).toEqual([{ tokenId: info.id, isChanged: true }]);
    expect(await changing).toMatchObject({ id: info.id, groups: ['office'], name: viewer.name });
    expect((await open()).authenticate(secret)).toMatchObject({ groups: ['office'] });
    expect(audit.entries.at(-1)).toMatchObject({ action: 'token:change', target: info.id });
  });

  test('its sessions have the rights that it has now', async () => {
    const { secret: token, info } = await access.createToken(viewer, admin);
    const login = await access.login({ token });
    await access.changeToken(info.id, { role: 'operator' }, admin);
    expect(access.session(login?.secret ?? '')).toMatchObject({ role: 'operator', groups: ['plant'] });
  });

  test('another name or end closes nothing; null removes the end', async () => {
    const { secret, info } = await access.createToken({ ...viewer, expiresAt: nowMs() + hourMs }, admin);
    await access.changeToken(info.id, { name: 'kiosk', expiresAt: null }, admin);
    clock.advance(2 * hourMs);
    expect(access.authenticate(secret)).toMatchObject({ name: 'kiosk' });
    await access.changeToken(info.id, { expiresAt: nowMs() + hourMs }, admin);
    expect(ended).toEqual([]);
    clock.advance(hourMs);
    expect([access.authenticate(secret), ended]).toEqual([undefined, [{ tokenId: info.id }]]);
  });

  test('what comes of a change is a token, or nothing changes', async () => {
    const { info } = await access.createToken(viewer, admin);
    for (const change of [{ groups: [] }, { device: 'pump' }, { role: 'gateway' }, { expiresAt: 1 }] as const)
      await expect(access.changeToken(info.id, change, admin)).rejects.toThrow(
        expect.objectContaining({ status: 400, code: 'invalid-token' }),
      );
    expect(access.tokens().find(({ id }) => id === info.id)).toEqual(info);
    await access.revokeToken(info.id, admin);
    expect(await access.changeToken(info.id, { name: 'x' }, admin)).toBeUndefined();
  });

  test('one listener that fails does not keep the others from hearing', async () => {
    const { info } = await access.createToken(viewer, admin);
    const heard: string[] = [];
    access.onEnded(() => {
      throw new Error('broken edge');
    });
    access.onEnded(({ tokenId }) => heard.push(tokenId));
    await access.revokeToken(info.id, admin);
    expect(heard).toEqual([info.id]);
  });

  test('only an admin of all groups makes tokens', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const { secret } = await access.createToken({ name: 'x', role, groups: '*' }, admin);
      const by = access.authenticate(secret) as Principal;
      await expect(access.createToken(viewer, by)).rejects.toThrow(expect.objectContaining({ status: 403 }));
    }
    const scoped = { ...admin, groups: ['plant'] };
    await expect(access.createToken(viewer, scoped)).rejects.toThrow(
      expect.objectContaining({ status: 403 }),
    );
  });

  test('an action that cannot be written to the audit log fails', async () => {
    audit.failing = new Error('disk full');
    await expect(access.createToken(viewer, admin)).rejects.toThrow('disk full');
  });

  test('the last use is remembered, but not written at each use', async () => {
    const { secret, info } = await access.createToken(viewer, admin);
    const first = nowMs();
    access.authenticate(secret);
    clock.advance(1000);
    access.authenticate(secret);
    expect(store.tokens.get(info.id)?.lastUsedAt).toBe(first);
    clock.advance(10 * 60_000);
    access.authenticate(secret);
    expect(store.tokens.get(info.id)?.lastUsedAt).toBe(nowMs());
  });

  test('a disk that fails while the last use is written refuses nobody and is counted', async () => {
    const { secret } = await access.createToken(viewer, admin);
    store.failing = new Error('disk full');
    expect(access.authenticate(secret)).toBeDefined();
    await Promise.resolve();
    await Promise.resolve();
    expect(counters.counts.get('access.housekeeping-failed/store')).toBe(1);
  });
});

describe('login codes and sessions', () => {
  test('a code opens one session with the rights of who made it; a second use opens nothing', async () => {
    const { code } = await access.createLoginCode(admin);
    const [first, second] = await Promise.all([access.login({ code }), access.login({ code })]);
    expect(second).toBeUndefined();
    expect(first?.principal).toMatchObject({ role: 'admin', groups: '*', tokenId: admin.tokenId });
    expect(access.session(first?.secret ?? '')).toEqual(first?.principal);
    expect(await access.login({ code })).toBeUndefined();
  });

  test('codes and sessions survive a restart, and only as hashes', async () => {
    const { code } = await access.createLoginCode(admin);
    expect(JSON.stringify([...store.sessions])).not.toContain(code);
    const login = await (await open()).login({ code });
    expect(JSON.stringify([...store.sessions])).not.toContain(login?.secret);
    expect((await open()).session(login?.secret ?? '')).toBeDefined();
  });

  test('a code is good for 24 hours', async () => {
    const { code, expiresAt } = await access.createLoginCode(admin);
    expect(expiresAt).toBe(nowMs() + 24 * hourMs);
    clock.advance(24 * hourMs);
    expect(await access.login({ code })).toBeUndefined();
  });

  test('a code is no session, and a session is no code', async () => {
    const { code } = await access.createLoginCode(admin);
    expect(access.session(code)).toBeUndefined();
    const login = await access.login({ code });
    expect(await access.login({ code: login?.secret ?? '' })).toBeUndefined();
  });

  test('a token opens a session that ends with it', async () => {
    const { secret: token, info } = await access.createToken(
      { ...viewer, expiresAt: nowMs() + hourMs },
      admin,
    );
    const login = await access.login({ token });
    expect(login?.principal.expiresAt).toBe(info.expiresAt);
    await access.revokeToken(info.id, admin);
    expect(access.session(login?.secret ?? '')).toBeUndefined();
    expect(store.sessions.size).toBe(0);
  });

  test('a code of a revoked token opens nothing', async () => {
    const { secret, info } = await access.createToken({ ...viewer, role: 'operator' }, admin);
    const { code } = await access.createLoginCode(access.authenticate(secret) as Principal);
    await access.revokeToken(info.id, admin);
    expect(await access.login({ code })).toBeUndefined();
  });

  test('devices and gateways have no browser sessions', async () => {
    const device = { name: 'pump', role: 'device', groups: ['plant'], device: 'pump' } as const;
    const { secret: token } = await access.createToken(device, admin);
    expect(await access.login({ token })).toBeUndefined();
    expect(counters.counts.get('access.refused/login-token')).toBe(1);
  });

  test('logging out ends this session alone, and its connections at once', async () => {
    const { secret: token, info } = await access.createToken(viewer, admin);
    const [one, other] = [await access.login({ token }), await access.login({ token })];
    await access.logout(one?.secret ?? '');
    expect(ended).toEqual([{ tokenId: info.id, sessionId: one?.principal.id }]);
    expect(access.session(one?.secret ?? '')).toBeUndefined();
    expect(access.session(other?.secret ?? '')).toBeDefined();
    await access.logout('unknown');
    expect(ended).toHaveLength(1);
  });

  test('a session ends after seven days, told by the timer', async () => {
    const login = await access.login({ code: (await access.createLoginCode(admin)).code });
    clock.advance(7 * 24 * hourMs);
    expect(ended).toEqual([{ tokenId: admin.tokenId, sessionId: login?.principal.id }]);
    expect(access.session(login?.secret ?? '')).toBeUndefined();
  });

  test('a session that is renewed stays, with its connections, for seven more days', async () => {
    const login = await access.login({ code: (await access.createLoginCode(admin)).code });
    clock.advance(5 * 24 * hourMs);
    const renewed = await access.renew(login?.secret ?? '');
    expect([renewed?.id, renewed?.expiresAt]).toEqual([
      login?.principal.id,
      (login?.principal.expiresAt ?? 0) + 5 * 24 * hourMs,
    ]);
    clock.advance(5 * 24 * hourMs);
    expect(ended).toEqual([]);
    expect(access.session(login?.secret ?? '')).toBeDefined();
    clock.advance(2 * 24 * hourMs);
    expect(ended).toHaveLength(1);
    expect(await access.renew(login?.secret ?? '')).toBeUndefined();
  });

  test('no session outlives its token, or ninety days, however often it is renewed', async () => {
    const expiresAt = clock.nowUs() / 1000 + 8 * 24 * hourMs;
    const { secret: token } = await access.createToken({ ...viewer, expiresAt }, admin);
    const short = await access.login({ token });
    const long = await access.login({ code: (await access.createLoginCode(admin)).code });
    clock.advance(6 * 24 * hourMs);
    expect((await access.renew(short?.secret ?? ''))?.expiresAt).toBe(expiresAt);
    for (let days = 6; days < 90; days += 6) {
      await access.renew(long?.secret ?? '');
      clock.advance(6 * 24 * hourMs);
    }
    expect(access.session(long?.secret ?? '')).toBeUndefined();
  });

  test('the hundred-and-first session of a token ends the oldest', async () => {
    const { secret: token } = await access.createToken(viewer, admin);
    const first = await access.login({ token });
    clock.advance(1);
    for (let count = 0; count < 100; count += 1) await access.login({ token });
    expect(access.session(first?.secret ?? '')).toBeUndefined();
    expect(ended).toHaveLength(1);
    expect(store.sessions.size).toBe(100);
  });

  test('the audit log tells who opened and ended what', async () => {
    const login = await access.login({ code: (await access.createLoginCode(admin)).code });
    await access.logout(login?.secret ?? '');
    expect(audit.entries.slice(-3).map(({ action }) => action)).toEqual([
      'login-code:create',
      'session:create',
      'session:end',
    ]);
  });
});
