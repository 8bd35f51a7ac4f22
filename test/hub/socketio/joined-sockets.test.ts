import { describe, expect, test } from 'vitest';
import { JoinedSockets } from '../../../hub/socketio/joined-sockets.ts';

const socketIn = (name: string) => ({ nsp: { name } });

describe('the sockets of a connection', () => {
  test('are found by namespace, whichever came first', () => {
    const joined = new JoinedSockets<{ nsp: { name: string } }>();
    const [a, b, c] = [socketIn('/a'), socketIn('/b'), socketIn('/c')];
    joined.add(a);
    joined.add(b);
    expect([joined.get('/a'), joined.get('/b'), joined.get('/c'), joined.size]).toEqual([a, b, undefined, 2]);
    joined.delete(a);
    joined.add(c);
    expect([joined.get('/a'), joined.get('/b'), joined.get('/c'), joined.size]).toEqual([undefined, b, c, 2]);
    expect(joined.all()).toEqual([c, b]);
  });

  test('one that was replaced does not take its successor along', () => {
    const joined = new JoinedSockets<{ nsp: { name: string } }>();
    const [old, next] = [socketIn('/a'), socketIn('/a')];
    joined.add(old);
    joined.delete(old);
    joined.add(next);
    joined.delete(old);
    expect(joined.all()).toEqual([next]);
  });
});
