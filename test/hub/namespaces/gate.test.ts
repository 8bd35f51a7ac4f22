import { describe, expect, test } from 'vitest';
import type { Namespace, Socket } from '#socketio';
import type { Caller } from '../../../hub/namespaces/caller.ts';
import { guard } from '../../../hub/namespaces/gate.ts';
import { ConnectRefusedError, InvalidNamespaceError } from '../../../hub/namespaces/login.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { callerOf, FakeSocket } from './fake-socket.ts';

type Middleware = (socket: Socket, next: (error?: Error & { data?: unknown }) => void) => void;

function setup(letIn: (socket: Socket) => Caller) {
  let middleware: Middleware | undefined;
  let connected: ((socket: Socket) => void) | undefined;
  const namespace = {
    use: (added: Middleware) => void (middleware = added),
    on: (_event: string, listener: (socket: Socket) => void) => void (connected = listener),
  };
  const counters = new CountersProbe();
  const entered: Caller[] = [];
  guard(
    namespace as unknown as Namespace,
    { letIn, entered: (caller) => entered.push(caller) },
    { log: silentLog, counters },
  );
  const connect = (socket: FakeSocket): unknown => {
    let refused: (Error & { data?: unknown }) | undefined;
    middleware?.(socket.socket, (error) => (refused = error));
    if (refused === undefined) connected?.(socket.socket);
    return refused && [refused.message, refused.data];
  };
  return { connect, entered, counters };
}

describe('The door of a namespace', () => {
  test('who may enter, enters', () => {
    const { connect, entered } = setup((socket) => callerOf({ socket }));
    expect(connect(new FakeSocket())).toBeUndefined();
    expect(entered.length).toBe(1);
  });

  const refusals: readonly (readonly [string, Error, unknown])[] = [
    [
      'a code for who can mend it',
      new ConnectRefusedError('forbidden', 'No.'),
      ['No.', { code: 'forbidden' }],
    ],
    ['no code where there is nothing', new InvalidNamespaceError(), ['Invalid namespace', undefined]],
    [
      'nothing of the inside when it fails',
      new Error('secret path'),
      ['The hub could not decide this connection.', { code: 'internal' }],
    ],
  ];
  for (const [title, error, told] of refusals)
    test(`a refusal tells ${title}`, () => {
      const { connect, entered, counters } = setup(() => {
        throw error;
      });
      expect(connect(new FakeSocket())).toEqual(told);
      expect(entered).toEqual([]);
      expect(counters.counts.get('socketio/connect-refused')).toBe(1);
    });

  test('whose rights end between the decision and the connection is sent away', () => {
    let asked = 0;
    const { connect, entered, counters } = setup((socket) => {
      asked += 1;
      if (asked === 2) throw new ConnectRefusedError('not-authenticated', 'Gone.');
      return callerOf({ socket });
    });
    const socket = new FakeSocket();
    connect(socket);
    expect([entered, socket.closedWith]).toEqual([[], [true]]);
    expect(counters.counts.get('socketio/rights-ended')).toBe(1);
  });
});
