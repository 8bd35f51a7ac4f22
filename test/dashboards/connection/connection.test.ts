import { describe, expect, test } from 'vitest';
import { Connection } from '../../../dashboards/connection/connection.ts';
import { FakeSocket, ManualTiming, settled } from '../support/fake-socket.ts';

function open() {
  const sockets = new Map<string, FakeSocket>();
  const timing = new ManualTiming();
  const connection = new Connection({
    timing,
    openSocket(namespace) {
      const socket = new FakeSocket();
      sockets.set(namespace, socket);
      return socket;
    },
  });
  const socketOf = (namespace: string): FakeSocket => {
    const socket = sockets.get(namespace);
    if (socket === undefined) throw new Error(`${namespace} was not opened.`);
    return socket;
  };
  return { connection, timing, socketOf, fleet: socketOf('/') };
}

describe('The connection of a page', () => {
  test('is live with its round trip when the fleet has connected', async () => {
    const { connection, fleet, timing } = open();
    fleet.accept();
    timing.clock.advance(12);
    await fleet.answer('groups', { groups: [] });
    expect(connection.state).toMatchObject({ name: 'live', latencyMs: 12 });
  });

  test('asks again for the namespace of a group that is not there yet, as long as somebody wants it', () => {
    const { connection, fleet, timing, socketOf } = open();
    fleet.accept();
    const { giveBack } = connection.borrow('attic');
    const socket = socketOf('/attic');
    const before = socket.opened;
    socket.say('connect_error', new Error('Invalid namespace'));
    timing.clock.advance(2000);
    expect(socket.opened).toBe(before + 1);
    giveBack();
    timing.clock.advance(5000);
    socket.say('connect_error', new Error('Invalid namespace'));
    timing.clock.advance(2000);
    expect(socket.opened).toBe(before + 1);
  });

  test('is stale when a beat is not answered, and live with the next one that is', async () => {
    const { connection, fleet, timing } = open();
    fleet.accept();
    await fleet.answer('groups', { groups: [] });
    timing.clock.advance(10_000);
    timing.clock.advance(8000);
    await settled();
    expect(connection.state.name).toBe('stale');
    timing.clock.advance(2000);
    await fleet.answer('groups', { groups: [] });
    expect(connection.state.name).toBe('live');
  });

  test('only the fleet speaks for the link: a group that refuses does not deny the page', () => {
    const { connection, fleet, socketOf } = open();
    fleet.accept();
    connection.borrow('hall');
    socketOf('/hall').say('connect_error', new Error('Invalid namespace'));
    expect(connection.state.name).toBe('live');
    fleet.say('connect_error', Object.assign(new Error('no'), { data: { code: 'session-expired' } }));
    expect(connection.state).toMatchObject({ name: 'denied', code: 'session-expired' });
  });

  test('lends one namespace to all borrowers, and closes it a while after the last gave it back', () => {
    const { connection, timing, socketOf } = open();
    const first = connection.borrow('hall');
    const second = connection.borrow('hall');
    expect(second.channel).toBe(first.channel);
    const socket = socketOf('/hall');
    socket.accept();
    first.giveBack();
    first.giveBack();
    timing.clock.advance(60_000);
    expect(socket.connected).toBe(true);
    second.giveBack();
    timing.clock.advance(5000);
    expect(socket.connected).toBe(false);
  });

  test('borrowing again within that while keeps the namespace open', () => {
    const { connection, timing, socketOf } = open();
    const { giveBack } = connection.borrow('hall');
    socketOf('/hall').accept();
    giveBack();
    timing.clock.advance(4000);
    connection.borrow('hall');
    timing.clock.advance(4000);
    expect(socketOf('/hall').connected).toBe(true);
  });

  test('comes back when the hub closed the socket on purpose, which the client does not do by itself', () => {
    const { fleet, timing } = open();
    fleet.accept();
    fleet.cut('io server disconnect');
    const before = fleet.opened;
    timing.clock.advance(2000);
    expect(fleet.opened).toBe(before + 1);
  });
});
