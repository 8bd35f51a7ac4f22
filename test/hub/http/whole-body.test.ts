import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { takeBytes } from '../../../hub/http/bodies.ts';
import type { Routes } from '../../../hub/http/server.ts';
import { bytesOf } from '../../../hub/http/unpack.ts';
import { wholeBody } from '../../../hub/http/whole-body.ts';
import { HttpRig } from './support.ts';

const echo: Routes = (app) => {
  app.register(async (scope: typeof app) => {
    takeBytes(scope, '*');
    scope.route({
      method: 'POST',
      url: '/echo',
      config: { permission: 'public' },
      handler: (request, reply) => void reply.send(`got ${bytesOf(request).toString('latin1')}`),
    });
  });
};

let rig: HttpRig;
beforeAll(async () => {
  rig = await HttpRig.start({}, [echo]);
  await rig.edge.start();
});
afterAll(() => rig.edge.stop());

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Sends the parts apart, and hears until so many answers are there. */
async function exchange(parts: readonly string[], answers = 1): Promise<string> {
  const socket = connect({ port: Number(new URL(rig.edge.url).port), host: '127.0.0.1', noDelay: true });
  sockets.push(socket);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  for (const part of parts) {
    await new Promise((resolve) => socket.write(part, 'latin1', resolve));
    await new Promise(setImmediate);
  }
  while ((text.match(/HTTP\/1\.1 \d/g)?.length ?? 0) < answers || !/\r\n\r\n.+$/s.test(text))
    await once(socket, 'data');
  return text;
}

const head = (more: string): string => `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: x/y\r\n${more}\r\n`;

const whole = (body: string): string => `${head(`Content-Length: ${body.length}\r\n`)}${body}`;

/** Of a request without a Content-Length. */
async function read(maxBytes: number, feed: (payload: PassThrough) => void): Promise<Buffer> {
  const payload = new PassThrough();
  return await new Promise((resolve, reject) => {
    const request = { headers: {} } as FastifyRequest;
    wholeBody(maxBytes)(request, payload as unknown as IncomingMessage, (error, body) =>
      body === undefined ? reject(error) : resolve(body),
    );
    feed(payload);
  });
}

describe('RFC 9112 §6, Message Body', () => {
  test('a body that comes with its head', async () => {
    expect(await exchange([`${head('Content-Length: 5\r\n')}abcde`])).toMatch(
      /^HTTP\/1\.1 200 .*got abcde$/s,
    );
  });

  test('a body that comes in pieces', async () => {
    const answer = await exchange([head('Content-Length: 5\r\n'), 'ab', 'cde']);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*got abcde$/s);
  });

  test('a body in chunks', async () => {
    const answer = await exchange([
      `${head('Transfer-Encoding: chunked\r\n')}2\r\nab\r\n`,
      '3\r\ncde\r\n0\r\n\r\n',
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*got abcde$/s);
  });

  test('a body of no bytes', async () => {
    expect(await exchange([head('Content-Length: 0\r\n')])).toMatch(/^HTTP\/1\.1 200 .*got $/s);
  });

  test('requests that are sent ahead are answered in their order, over one connection', async () => {
    const answer = await exchange([whole('a') + whole('bc'), whole('def')], 3);
    expect(answer.match(/got [a-z]+/g)).toEqual(['got a', 'got bc', 'got def']);
  });

  test('more than a batch may have is 413 before it has come, and the end of the connection', async () => {
    const answer = await exchange([head(`Content-Length: ${limits.httpBatchBytes + 1}\r\n`)]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*connection: close.*body-too-large/is);
  });
});

describe('a body whose length nobody told', () => {
  test('is taken up to the bound, and 413 one byte beyond', async () => {
    expect(await read(4, (payload) => payload.end('abcd'))).toEqual(Buffer.from('abcd'));
    await expect(read(4, (payload) => payload.end('abcde'))).rejects.toMatchObject({
      status: 413,
      code: 'body-too-large',
    });
  });

  test('that breaks off is 400, not a failure of the hub', async () => {
    const cut = read(4, (payload) => {
      payload.write('ab');
      setImmediate(() => payload.destroy(new Error('aborted')));
    });
    await expect(cut).rejects.toMatchObject({ status: 400, code: 'incomplete-body' });
  });
});
