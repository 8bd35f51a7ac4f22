import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Server } from '#socketio';
import { AdminTraffic } from '../../../hub/namespaces/admin-traffic.ts';

class Session extends EventEmitter {
  transport = { name: 'polling', sentBytes: 0 };
}

class Engine extends EventEmitter {
  readonly clients: Record<string, Session> = {};

  open(id: string): Session {
    const session = (this.clients[id] = new Session());
    this.emit('connection', session);
    return session;
  }
}

let engine: Engine;
let traffic: AdminTraffic;
beforeEach(() => {
  engine = new Engine();
  traffic = new AdminTraffic(engine as unknown as Server['engine']);
});

describe('The traffic of all connections', () => {
  test('is summed from one look to the next, in bytes, at a full second', () => {
    const session = engine.open('a');
    session.emit('data', 'é');
    session.emit('data', Buffer.alloc(10));
    session.transport.sentBytes = 100;
    expect(traffic.take(1_500)).toEqual([
      { timestamp: 1000, type: 'rawConnection', count: 1 },
      { timestamp: 1000, type: 'bytesIn', count: 12 },
      { timestamp: 1000, type: 'bytesOut', count: 100 },
    ]);
    session.transport.sentBytes = 130;
    expect(traffic.take(3_500)).toEqual([{ timestamp: 3000, type: 'bytesOut', count: 30 }]);
    expect(traffic.take(5_500)).toEqual([]);
  });

  test('goes on when a connection moves to a WebSocket', () => {
    const session = engine.open('a');
    session.transport.sentBytes = 100;
    traffic.take(1000);
    session.transport.sentBytes = 120;
    session.transport = { name: 'websocket', sentBytes: 5 };
    expect(traffic.take(3000)).toEqual([{ timestamp: 3000, type: 'bytesOut', count: 25 }]);
    session.transport.sentBytes = 6;
    expect(traffic.take(5000)).toEqual([{ timestamp: 5000, type: 'bytesOut', count: 1 }]);
  });

  test('holds what a connection sent before it ended, and ends by their reason', () => {
    for (const [id, reason] of [
      ['a', 'ping timeout'],
      ['b', 'transport close'],
      ['c', 'ping timeout'],
    ] as const) {
      const session = engine.open(id);
      session.transport.sentBytes = 7;
      session.emit('close', reason);
    }
    expect(traffic.take(1000)).toEqual([
      { timestamp: 1000, type: 'rawConnection', count: 3 },
      { timestamp: 1000, type: 'bytesOut', count: 21 },
      { timestamp: 1000, type: 'rawDisconnection', subType: 'ping timeout', count: 2 },
      { timestamp: 1000, type: 'rawDisconnection', subType: 'transport close', count: 1 },
    ]);
  });

  test('knows who still polls', () => {
    engine.open('a');
    engine.open('b').transport.name = 'websocket';
    expect(traffic.polling()).toBe(1);
  });
});
