import { describe, expect, test } from 'vitest';
import { LiveSockets } from '../../../hub/namespaces/live-sockets.ts';
import { CountersProbe } from '../../support/fakes.ts';
import { FakeAccess } from './fake-access.ts';
import { FakeSocket, viewer } from './fake-socket.ts';

function setup() {
  const access = new FakeAccess();
  const counters = new CountersProbe();
  const sockets = new LiveSockets({ access, counters });
  const add = (tokenId: string, id: string): FakeSocket => {
    const fake = new FakeSocket(id);
    sockets.add(fake.socket, { ...viewer, tokenId, id });
    return fake;
  };
  return { access, counters, add };
}

describe('The end of rights', () => {
  test('of a token closes all its connections, sessions made from it too', () => {
    const { access, counters, add } = setup();
    const [token, session, other] = [add('t1', 't1'), add('t1', 's1'), add('t2', 't2')];
    access.end({ tokenId: 't1' });
    expect([token.connected, session.connected, other.connected]).toEqual([false, false, true]);
    expect(counters.counts.get('socketio/rights-ended')).toBe(2);
  });

  test('of a session closes its own connections only', () => {
    const { access, add } = setup();
    const [first, second] = [add('t1', 's1'), add('t1', 's2')];
    access.end({ tokenId: 't1', sessionId: 's1' });
    expect([first.connected, second.connected]).toEqual([false, true]);
  });

  test('means nothing to who has left', () => {
    const { access, counters, add } = setup();
    add('t1', 't1').disconnect(false);
    access.end({ tokenId: 't1' });
    expect(counters.counts.size).toBe(0);
  });

  test('that only changed closes the connection and no namespace: the client comes back to what it may do now', () => {
    const { access, counters, add } = setup();
    const [token, other] = [add('t1', 't1'), add('t2', 't2')];
    access.end({ tokenId: 't1', isChanged: true });
    expect([token.connectionsClosed, other.connectionsClosed]).toEqual([1, 0]);
    expect([token.closedWith, counters.counts.get('socketio/rights-changed')]).toEqual([[], 1]);
  });
});
