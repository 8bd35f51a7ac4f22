import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { systemClock } from '../../../hub/clock.ts';
import { HttpRig } from './support.ts';

const quick = { requestMs: 150, headersMs: 100, checkMs: 20, keepAliveMs: 1000, stopMs: 100 };
let rig: HttpRig;
const sockets: Socket[] = [];

beforeEach(async () => {
  rig = await HttpRig.start({ timeouts: quick, clock: systemClock });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await rig.edge.stop();
});

/** Sends bytes as they are; resolves with all that came back when the connection ends. */
async function exchange(...parts: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(rig.edge.url).port), '127.0.0.1');
  sockets.push(socket);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset is an end like any other here.
  socket.on('error', () => socket.destroy());
  for (const part of parts) socket.write(part, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

describe('requests that never come whole', () => {
  const head = 'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
  beforeEach(() => rig.edge.start());

  test('a body that trickles is cut off', async () => {
    expect(await exchange(`${head}Content-Length: 100\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('headers that trickle are cut off', async () => {
    expect(await exchange('GET / HTTP/1.1\r\nHost: a\r\nX-')).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('headers beyond 16 KiB are 431', async () => {
    expect(await exchange(`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  test('a chunked body beyond the limit is 413, and its connection is closed', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x10_0000)}\r\n`;
    expect(await exchange(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
  });

  const smuggled: readonly [string, string][] = [
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['a length and chunks', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['no Host', 'GET /livez HTTP/1.1\r\n\r\n'],
    ['a space before the colon', 'GET /livez HTTP/1.1\r\nHost : a\r\n\r\n'],
    ['a folded header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n'],
    ['a NUL in a header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n'],
  ];
  for (const [what, bytes] of smuggled)
    test(`${what} is 400 and the end of the connection`, async () => {
      expect(await exchange(bytes)).toMatch(/^HTTP\/1\.1 400 /);
    });
});

describe('beside the Socket.IO server', () => {
  test('paths of the Socket.IO server are its own when it listens, too', async () => {
    rig.edge.server.on('request', (request, response) => {
      if (request.url?.startsWith('/socket.io/') === true) response.end('engine');
    });
    await rig.edge.start();
    expect(await (await fetch(`${rig.edge.url}/socket.io/?EIO=4`)).text()).toBe('engine');
    expect((await fetch(`${rig.edge.url}/livez`)).status).toBe(200);
  });

  test('without a Socket.IO server its paths are 404 like all others', async () => {
    await rig.edge.start();
    expect((await fetch(`${rig.edge.url}/socket.io/?EIO=4`)).status).toBe(404);
  });
});

describe('what every request passes', () => {
  test('answers are counted by their class', async () => {
    await rig.anonymous({ url: '/livez' });
    await rig.anonymous({ url: '/api/v1/status' });
    expect(rig.counters.counts.get('http.answers/2xx')).toBe(1);
    expect(rig.counters.counts.get('http.answers/4xx')).toBe(1);
  });

  for (const [what, url] of [
    ['an address that cannot be read', '/%zz'],
    ['an address without a route', '/api/v1/nothing'],
    ['a name that is too long', `/api/v1/groups/${'x'.repeat(limits.idChars + 1)}/devices`],
  ] as const)
    test(`${what} is answered as a problem, like everything that goes wrong`, async () => {
      const answer = await rig.request({ url });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.json()).toMatchObject({ status: answer.statusCode, code: expect.any(String) });
    });

  test('connections are bounded', () => {
    expect(rig.edge.server.maxConnections).toBe(limits.httpConnections);
  });
});
