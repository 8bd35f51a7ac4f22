import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { EngineUnderTest } from './engine-under-test.ts';
import { ask, exchange, FrameLog } from './raw-client.ts';

describe('allowOrigin', () => {
  const cases: [string, boolean][] = [
    ['https://good.example', true],
    ['https://a.partner.example', true],
    ['https://evil.example', false],
    ['https://good.example.evil.example', false],
    ['null', false],
  ];
  for (const [origin, allowed] of cases) {
    test(`${origin} may ${allowed ? '' : 'not '}connect, by polling and by WebSocket`, async () => {
      await using server = await EngineUnderTest.start({
        allowOrigin: ['https://good.example', /^https:\/\/[a-z]+\.partner\.example$/],
      });
      const { pathname, search } = new URL(server.url());
      const polling = await ask(server.port, { path: pathname + search, headers: { origin } });
      expect(polling.status).toBe(allowed ? 200 : 403);
      if (!allowed) {
        expect(polling.body).toBe('{"code":4,"message":"Origin not allowed"}');
        expect(await FrameLog.refusal(server.webSocketUrl(), { headers: { origin } })).toEqual({
          status: 403,
          body: 'Origin not allowed',
        });
        return;
      }
      const client = await new FrameLog(server.webSocketUrl(), { headers: { origin } }).opened();
      client.socket.terminate();
    });
  }

  test('a client without an Origin is no browser and passes; a function decides as it likes', async () => {
    await using server = await EngineUnderTest.start({
      allowOrigin: (origin) => origin.endsWith('.example'),
    });
    const { pathname, search } = new URL(server.url());
    expect((await ask(server.port, { path: pathname + search })).status).toBe(200);
    expect(
      (await ask(server.port, { path: pathname + search, headers: { origin: 'https://x.test' } })).status,
    ).toBe(403);
  });

  test('a session is not reached from another origin either', async () => {
    await using server = await EngineUnderTest.start({ allowOrigin: ['https://good.example'] });
    const { sid } = await server.open();
    expect((await server.post(sid, '4x', { origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('admission', () => {
  test('the rest is told when to come back, over both transports, and no session is opened', async () => {
    await using server = await EngineUnderTest.start({
      admission: { perSecond: 0.001, burst: 1, retryAfterSeconds: 3 },
    });
    const contexts: unknown[] = [];
    server.engine.on('connection_error', ({ context }: { context: { name: string } }) =>
      contexts.push(context.name),
    );
    const { sid, session } = await server.open();
    const { pathname, search } = new URL(server.url());
    expect(await ask(server.port, { path: pathname + search })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '3' },
    });
    const upgrade = await exchange(
      server.port,
      'GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(upgrade).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(upgrade).toContain('Retry-After: 3\r\n');
    expect(contexts).toEqual(['NOT_ADMITTED', 'NOT_ADMITTED']);
    session.send('open sessions go on');
    expect(await server.poll(sid)).toBe('4open sessions go on');
    expect(server.engine.clientsCount).toBe(1);
  });

  test('a staggered close tells everybody, and admits nobody', async () => {
    await using server = await EngineUnderTest.start();
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => new FrameLog(server.webSocketUrl()).opened()),
    );
    await server.engine.closeStaggered({ batch: 2, everyMs: 1 });
    await Promise.all(clients.map(({ closed }) => closed));
    expect((await fetch(server.url())).status).toBe(503);
    expect(server.engine.clientsCount).toBe(0);
  });
});

test('the last closes are remembered with their reasons', async () => {
  await using server = await EngineUnderTest.start();
  for (let index = 0; index < 3; index += 1) {
    const { session } = await server.open();
    const closed = once(session, 'close');
    session.onError(new Error(`reason ${index}`));
    await closed;
  }
  expect(
    server.engine.lastCloses.map(({ reason, description }) => [reason, (description as Error).message]),
  ).toEqual([
    ['transport error', 'reason 0'],
    ['transport error', 'reason 1'],
    ['transport error', 'reason 2'],
  ]);
});
