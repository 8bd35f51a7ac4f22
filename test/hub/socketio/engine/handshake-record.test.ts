import { describe, expect, test } from 'vitest';
import { HandshakeRecord, keptRequest } from '../../../../hub/socketio/engine/handshake-record.ts';
import type { EngineRequest } from '../../../../hub/socketio/engine/index.ts';

const request = {
  method: 'GET',
  url: '/engine.io/?EIO=4&a=b',
  httpVersion: '1.1',
  socket: { remoteAddress: '192.0.2.1', encrypted: true },
  rawHeaders: [
    'Host',
    'first',
    'HOST',
    'second',
    'Cookie',
    'a=1',
    'cookie',
    'b=2',
    'X-One',
    '1',
    'x-one',
    '2',
    'X-Empty',
    '',
  ],
} as unknown as EngineRequest;

describe('a record of the first request', () => {
  test('has the headers as Node.js joins them', () => {
    const { headers } = new HandshakeRecord(request);
    expect(Object.entries(headers)).toEqual([
      ['host', 'first'],
      ['cookie', 'a=1; b=2'],
      ['x-one', '1, 2'],
      ['x-empty', ''],
    ]);
  });

  test('has the raw headers, the url, its query and where it came from', () => {
    const record = new HandshakeRecord(request);
    expect(record.rawHeaders).toEqual(request.rawHeaders);
    expect([record.method, record.url, { ...record._query }]).toEqual([
      'GET',
      request.url,
      { EIO: '4', a: 'b' },
    ]);
    expect(record.connection).toEqual({ remoteAddress: '192.0.2.1', encrypted: true });
  });
});

function engine(opts: object, middlewares = 0, listeners = 0): never {
  return { opts, middlewares: Array.from({ length: middlewares }), listenerCount: () => listeners } as never;
}

describe('the whole request is kept', () => {
  for (const [why, observed, whole] of [
    ['for nothing', engine({}), false],
    ['for middleware', engine({}, 1), true],
    ['for our own cors', engine({ cors: {} }, 1), false],
    ['for allowRequest', engine({ allowRequest: () => undefined }), true],
    ['for listeners to headers', engine({}, 0, 1), true],
    ['if asked for', engine({ keepRequest: true }), true],
    ['unless asked not to', engine({ keepRequest: false }, 1), false],
  ] as const) {
    test(`${why}: ${whole}`, () => {
      expect(keptRequest(observed, request) === request).toBe(whole);
    });
  }
});
