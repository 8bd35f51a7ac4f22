import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { EngineSession } from '../../../hub/socketio/engine-session.ts';
import { makeHandshake } from '../../../hub/socketio/handshake.ts';

function sessionWith(request: unknown): EngineSession {
  return Object.assign(new EventEmitter(), {
    id: 'x',
    protocol: 4,
    remoteAddress: '10.0.0.1',
    readyState: 'open',
    transport: { name: 'websocket', writable: true },
    request: request as IncomingMessage,
    write: () => undefined,
    close: () => undefined,
  });
}

test('a handshake is a plain copy of what the client brought', () => {
  const request = {
    url: '/socket.io/?a=1',
    headers: { origin: 'https://foo.example' },
    connection: { encrypted: true },
    _query: { a: '1' },
  };
  expect(makeHandshake(sessionWith(request), { token: 'x' }, 0)).toEqual({
    headers: { origin: 'https://foo.example' },
    time: new Date(0).toString(),
    address: '10.0.0.1',
    xdomain: true,
    secure: true,
    issued: 0,
    url: '/socket.io/?a=1',
    query: { a: '1' },
    auth: { token: 'x' },
  });
});

test('programs may drop the request', () => {
  expect(makeHandshake(sessionWith(null), {}, 0)).toMatchObject({
    headers: {},
    query: {},
    secure: true,
    xdomain: false,
  });
});
