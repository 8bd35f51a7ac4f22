import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EngineUnderTest } from './engine-under-test.ts';
import { ask, exchange, FrameLog } from './raw-client.ts';

/** Beside each attack a well-behaved client goes on, and the server has nobody else at the end. */
let server: EngineUnderTest;
let canary: FrameLog;

beforeEach(async () => {
  server = await EngineUnderTest.start({ maxHttpBufferSize: 100_000, upgradeTimeout: 50 });
  server.engine.on('connection', (session) => session.on('message', (data: string) => session.send(data)));
  canary = new FrameLog(server.webSocketUrl());
  await canary.received(1);
});

afterEach(async () => {
  canary.socket.send('4alive');
  expect((await canary.received(2)).at(-1)).toBe('4alive');
  await server[Symbol.asyncDispose]();
});

const upgradeHead = (path: string, extra = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: DXR4dX615eRds8nRmlhqtw==\r\n${extra}\r\n`;
const webSocketPath = '/engine.io/?EIO=4&transport=websocket';

describe('HTTP', () => {
  for (const query of [
    '',
    '?transport=__proto__',
    '?transport=constructor',
    '?transport=toString',
    '?transport=webtransport',
  ]) {
    test(`no such transport: ${query}`, async () => {
      expect(await ask(server.port, { path: `/engine.io/${query}` })).toMatchObject({
        status: 400,
        body: '{"code":0,"message":"Transport unknown"}',
      });
    });
  }

  for (const sid of ['x', '__proto__', 'constructor', 'hasOwnProperty', '%00', 'a'.repeat(5000)]) {
    test(`no such session: ${sid.slice(0, 20)}`, async () => {
      const path = `/engine.io/?EIO=4&transport=polling&sid=${sid}`;
      expect(await ask(server.port, { path })).toMatchObject({
        status: 400,
        body: '{"code":1,"message":"Session ID unknown"}',
      });
    });
  }

  test('a megabyte of tiny packets', async () => {
    const { sid } = await server.open();
    expect((await server.post(sid, '6\u001e'.repeat(49_999) + '6')).status).toBe(200);
    expect((await server.post(sid, '6\u001e'.repeat(500_000))).status).toBe(413);
  });

  test('many second POSTs while the first hangs', async () => {
    const { sid, session } = await server.open();
    const closed = once(session, 'close');
    const begun = `POST /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4`;
    await Promise.all(Array.from({ length: 10 }, () => exchange(server.port, begun)));
    expect((await closed)[0]).toBe('transport error');
  });

  test('a binary body is answered, not left open', async () => {
    const { sid } = await server.open();
    expect((await server.post(sid, 'x', { 'content-type': 'application/octet-stream' })).status).toBe(400);
  });
});

describe('upgrades', () => {
  for (const [name, path] of Object.entries({
    'no transport': '/engine.io/?EIO=4&transport=tobi',
    polling: '/engine.io/?EIO=4&transport=polling',
    'no session': `${webSocketPath}&sid=__proto__`,
    'an old revision': '/engine.io/?EIO=3&transport=websocket',
  })) {
    test(`to ${name} are refused before they are WebSockets`, async () => {
      expect(await exchange(server.port, upgradeHead(path))).toMatch(/^HTTP\/1\.1 400 /);
    });
  }

  test('that are reset as soon as they are refused', async () => {
    for (let round = 0; round < 20; round += 1) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(upgradeHead('/engine.io/?EIO=4&transport=tobi'));
      socket.resetAndDestroy();
    }
  });

  test('with the first frame, invalid, in the same packet', async () => {
    const answer = await exchange(
      server.port,
      Buffer.concat([Buffer.from(upgradeHead(webSocketPath)), Buffer.from([0xf1, 0x80, 0, 0, 0, 0])]),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
  });

  test('that are begun again and again, and never finished', async () => {
    const { sid, session } = await server.open();
    const probes = Array.from({ length: 10 }, () => new FrameLog(server.webSocketUrl({ sid })));
    await Promise.all(probes.map(({ closed }) => closed));
    expect([session.readyState, session.upgrading]).toEqual(['open', false]);
  });

  for (const header of [
    'Sec-WebSocket-Extensions: constructor',
    `Sec-WebSocket-Protocol: b${' '.repeat(8000)}x`,
  ]) {
    test(`with ${header.slice(0, 40)}`, async () => {
      expect(await exchange(server.port, upgradeHead(webSocketPath, `${header}\r\n`))).toMatch(
        /^HTTP\/1\.1 (101|400) /,
      );
    });
  }
});

describe('frames', () => {
  const mask = '00000000';
  const frames: Record<string, { hex: string; code: number }> = {
    'an unmasked frame': { hex: '810134', code: 1002 },
    'a reserved bit': { hex: `b181${mask}34`, code: 1002 },
    'a reserved opcode': { hex: `8381${mask}34`, code: 1002 },
    'a fragmented ping': { hex: `0980${mask}`, code: 1002 },
    'a continuation of nothing': { hex: `8081${mask}34`, code: 1002 },
    'a close with one byte': { hex: `8881${mask}00`, code: 1002 },
    'a close with a reserved code': { hex: `8882${mask}03ed`, code: 1002 },
    'text that is not UTF-8': { hex: `8182${mask}34ff`, code: 1007 },
    'more than the limit': { hex: `81ff00000000000f4240${mask}34`, code: 1009 },
    'more than 2^53 bytes': { hex: `81ffffffffffffffffff${mask}34`, code: 1009 },
  };
  for (const [name, { hex, code }] of Object.entries(frames)) {
    test(`${name} closes with ${code}`, async () => {
      const connected = server.nextConnection();
      const client = new FrameLog(server.webSocketUrl());
      await client.received(1);
      const closed = once(await connected, 'close');
      (client.socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(Buffer.from(hex, 'hex'));
      await client.closed;
      expect(client.closeCode).toBe(code);
      expect((await closed)[0]).toBe('transport error');
    });
  }

  test('a flood of pings from a client that does not read', async () => {
    const connected = server.nextConnection();
    const client = new FrameLog(server.webSocketUrl());
    await client.received(1);
    const session = await connected;
    const closed = once(session, 'close');
    client.socket.pause();
    const { _socket: socket } = client.socket as unknown as { _socket: NodeJS.WritableStream };
    const pings = Buffer.concat(
      Array.from({ length: 2000 }, () =>
        Buffer.concat([Buffer.from(`89fd${mask}`, 'hex'), Buffer.alloc(125)]),
      ),
    );
    for (let round = 0; round < 100 && session.readyState === 'open'; round += 1) {
      await new Promise((resolve) => socket.write(pings, resolve));
    }
    client.socket.terminate();
    await closed;
  });
});
