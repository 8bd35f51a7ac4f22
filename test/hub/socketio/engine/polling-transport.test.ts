import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { PollingTransport } from '../../../../hub/socketio/engine/polling-transport.ts';
import { EngineUnderTest } from './engine-under-test.ts';
import { ask } from './raw-client.ts';

describe('HTTP long-polling', () => {
  test('at most 16 packets come in one response, the rest in the next', async () => {
    await using server = await EngineUnderTest.start();
    const { sid, session } = await server.open();
    for (let index = 0; index < 20; index += 1) session.send('x');
    expect((await server.poll(sid)).split('\u001e').length).toBe(16);
    expect((await server.poll(sid)).split('\u001e').length).toBe(4);
  });

  test('what is sent within one tick leaves in one response, although a poll waits', async () => {
    await using server = await EngineUnderTest.start();
    const { sid, session } = await server.open();
    const ready = once(session.transport, 'ready');
    const poll = server.poll(sid);
    await ready;
    for (const data of ['a', 'b', 'c']) session.send(data);
    expect(session.transport.writable).toBe(false);
    expect(await poll).toBe('4a\u001e4b\u001e4c');
  });

  test('what is sent in the tick of the handshake comes with the first poll', async () => {
    await using server = await EngineUnderTest.start();
    server.engine.on('connection', (session) => session.send('welcome'));
    const { sid } = await server.open();
    expect(await server.poll(sid)).toBe('4welcome');
  });

  test('all of them do if the option says so', async () => {
    await using server = await EngineUnderTest.start({ maxPacketsPerResponse: Infinity });
    const { sid, session } = await server.open();
    for (let index = 0; index < 100; index += 1) session.send('x');
    expect((await server.poll(sid)).split('\u001e').length).toBe(100);
  });

  test('the request that brings packets can be looked at while they are heard', async () => {
    await using server = await EngineUnderTest.start();
    const { sid, session } = await server.open();
    const transport = session.transport as PollingTransport;
    const heard: unknown[] = [];
    session.on('message', () => heard.push(transport.dataReq?.headers['x-from']));
    const url = `${server.url()}&sid=${sid}`;
    const headers = { 'x-from': 'me', 'content-type': 'text/plain' };
    await fetch(url, { method: 'POST', body: '4a', headers });
    await expect.poll(() => [heard, transport.dataReq]).toEqual([['me'], undefined]);
  });

  test('a character split between two chunks of a body arrives whole', async () => {
    await using server = await EngineUnderTest.start();
    const { sid, session } = await server.open();
    const arrived = once(session, 'message');
    const body = Buffer.from('4é');
    const socket = connect(server.port, '127.0.0.1');
    const begun = once(server.http, 'request');
    socket.write(
      `POST /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n`,
    );
    socket.write(body.subarray(0, 2));
    await begun;
    socket.end(body.subarray(2));
    expect(await arrived).toEqual(['é']);
  });

  test('a body that never ends is answered 408 and ends the session', async () => {
    await using server = await EngineUnderTest.start({ bodyTimeout: 20 });
    const { sid, session } = await server.open();
    const closed = once(session, 'close');
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `POST /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n4a`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /);
    await once(socket, 'close');
    expect((await closed)[0]).toBe('transport error');
  });

  test('a chunked body that is too large is answered 413 and its connection closed, not the session', async () => {
    await using server = await EngineUnderTest.start({ maxHttpBufferSize: 10 });
    const { sid, session } = await server.open();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write(
      `POST /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n`,
    );
    socket.write('x'.repeat(32));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    await once(socket, 'close');
    expect(session.readyState).toBe('open');
  });

  test('a goodbye waits for the next poll, but not for ever', async () => {
    await using server = await EngineUnderTest.start();
    const { session } = await server.open();
    const closed = once(session, 'close');
    Object.assign(session.transport, { closeTimeout: 10 });
    session.close();
    expect(session.readyState).toBe('closing');
    expect((await closed)[0]).toBe('forced close');
  });

  test('a callback runs also if the client leaves a compressed response half read', async () => {
    await using server = await EngineUnderTest.start({ httpCompression: { threshold: 0 } });
    const { sid, session } = await server.open();
    const sent = new Promise<void>((resolve) => session.send('x'.repeat(100_000), () => resolve()));
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `GET /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.destroy();
    await sent;
  });

  test('a compressed response is followed by the next poll at once', async () => {
    await using server = await EngineUnderTest.start({ httpCompression: { threshold: 0 } });
    const { sid, session } = await server.open();
    for (let round = 0; round < 20; round += 1) {
      session.send('x'.repeat(20_000));
      expect(await server.poll(sid)).toHaveLength(20_001);
    }
    expect(session.readyState).toBe('open');
  });

  test('methods that are not served leave the session alone', async () => {
    await using server = await EngineUnderTest.start();
    const { sid, session } = await server.open();
    const { pathname, search } = new URL(server.url({ sid }));
    const answer = await ask(server.port, { method: 'PUT', path: pathname + search });
    expect([answer.status, answer.headers.allow, session.readyState]).toEqual([
      405,
      'GET, POST, OPTIONS',
      'open',
    ]);
  });
});
