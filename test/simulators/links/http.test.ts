import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { httpConnector } from '../../../simulators/links/http.ts';
import { bed } from '../support/devices.ts';

interface Request {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

let server: Server;
let requests: Request[];
let status: number;
let headers: Record<string, string>;

const listener = { onCommand: () => ({ ok: true }) as const, onLost() {} };
const reading = { type: 'telemetry', ts: 5, values: { flow: 1 } } as const;

beforeEach(async () => {
  requests = [];
  [status, headers] = [200, {}];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.once('end', () => {
      const { authorization } = request.headers;
      requests.push({ line: `${request.method} ${request.url}`, authorization, body });
      response.writeHead(status, headers).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function send(
  message: Parameters<Awaited<ReturnType<ReturnType<typeof httpConnector>['connect']>>['send']>[0],
) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = await httpConnector({ url, token: 'secret' }, bed).connect(listener);
  return connection.send(message);
}

describe('the HTTP link', () => {
  test('posts a reading with the token; 2xx is the acknowledgement', async () => {
    expect(await send(reading)).toEqual({ kind: 'acknowledged' });
    expect(requests).toEqual([
      {
        line: 'POST /api/v1/groups/greenhouse/devices/bed-1/telemetry',
        authorization: 'Bearer secret',
        body: '{"ts":5,"values":{"flow":1}}',
      },
    ]);
  });

  test('4xx is a refusal, with the status as its code', async () => {
    status = 403;
    expect(await send(reading)).toEqual({ kind: 'refused', code: '403' });
  });

  for (const busy of [429, 503]) {
    test(`${busy} is "not now", for as long as Retry-After says`, async () => {
      status = busy;
      headers = { 'retry-after': '3' };
      expect(await send(reading)).toEqual({ kind: 'again', afterMs: 3000 });
    });
  }

  test('a failing hub is tried again after a second', async () => {
    status = 500;
    expect(await send(reading)).toEqual({ kind: 'again', afterMs: 1000 });
  });

  test('a hub that went away is an error', async () => {
    const address = server.address() as AddressInfo;
    server.close();
    const target = { url: `http://127.0.0.1:${address.port}`, token: undefined };
    const connection = await httpConnector(target, bed).connect(listener);
    await expect(connection.send(reading)).rejects.toThrow();
  });

  test('what has no route is not sent', async () => {
    expect(await send({ type: 'event', ts: 1, name: 'press', data: null, id: 'e' })).toEqual({
      kind: 'unspoken',
    });
    expect(requests).toEqual([]);
  });
});
