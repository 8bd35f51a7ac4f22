/** What the compiler accepts and infers; `tsc` runs this file, vitest only loads it. */
import { describe, expectTypeOf, test } from 'vitest';
import {
  Server,
  type BroadcastOperator,
  type DisconnectReason,
  type Namespace,
  type Socket,
} from '#socketio';

interface ClientToServer {
  telemetry: (value: number, ack: (answer: { ok: boolean }) => void) => void;
  hello: (name: string) => void;
  nothing: () => void;
}
interface ServerToClient {
  reading: (metric: string, value: number) => void;
  ask: (question: string, ack: (answer: string) => void) => void;
  both: (n: number, ack: (error: Error, answer: number) => void) => void;
  message: (text: string) => void;
}
interface BetweenServers {
  ping: (n: number) => void;
  count: (ack: (n: number) => void) => void;
}
interface Data {
  user: string;
}
type Typed = Server<ClientToServer, ServerToClient, BetweenServers, Data>;

/** Compiled, never called. */
function typed(io: Typed): void {
  io.on('connection', (socket) => {
    expectTypeOf(socket).toEqualTypeOf<Socket<ClientToServer, ServerToClient, BetweenServers, Data>>();
    expectTypeOf(socket.data).toEqualTypeOf<Data>();
    expectTypeOf(socket.nsp).toEqualTypeOf<Namespace<ClientToServer, ServerToClient, BetweenServers, Data>>();
    socket.on('telemetry', (value, ack) => {
      expectTypeOf(value).toEqualTypeOf<number>();
      expectTypeOf(ack).toEqualTypeOf<(answer: { ok: boolean }) => void>();
    });
    socket.on('nothing', (...args) => expectTypeOf(args).toEqualTypeOf<[]>());
    socket.on('disconnect', (reason) => expectTypeOf(reason).toEqualTypeOf<DisconnectReason>());
    socket.on('error', (error) => expectTypeOf(error).toEqualTypeOf<Error>());
    // @ts-expect-error nobody sends this
    socket.on('unknown', () => undefined);
    socket.emit('reading', 'power', 1);
    // @ts-expect-error the value is a number
    socket.emit('reading', 'power', '1');
    // @ts-expect-error clients send this, servers do not
    socket.emit('hello', 'x');
    socket.emit('ask', 'x', (answer) => expectTypeOf(answer).toEqualTypeOf<string>());
    socket.timeout(1).emit('ask', 'x', (error, answer) => {
      expectTypeOf(error).toEqualTypeOf<Error>();
      expectTypeOf(answer).toEqualTypeOf<string>();
    });
    expectTypeOf(socket.emitWithAck('ask', 'x')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.timeout(1).emitWithAck('ask', 'x')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.emitWithAck('both', 1)).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error it has no acknowledgement
    void socket.emitWithAck('reading', 'x', 1);
    socket.send('text');
    // @ts-expect-error messages are text
    socket.send(1);
    socket
      .to('a')
      .timeout(1)
      .emit('ask', 'x', (error, answers) => {
        expectTypeOf(error).toEqualTypeOf<Error>();
        expectTypeOf(answers).toEqualTypeOf<string[]>();
      });
    socket.use((event, next) => {
      expectTypeOf(event[0]).toEqualTypeOf<string>();
      next(new Error('no'));
    });
  });
}

/** Compiled, never called. */
function broadcasts(io: Typed): void {
  io.emit('reading', 'power', 1);
  // @ts-expect-error a broadcast without timeout cannot be acknowledged
  io.emit('ask', 'x', () => undefined);
  // @ts-expect-error unknown
  io.emit('unknown');
  io.to('a').except(['b']).volatile.compress(true).local.emit('reading', 'power', 1);
  io.timeout(1).emit('ask', 'x', (error, answers) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    expectTypeOf(answers).toEqualTypeOf<string[]>();
  });
  expectTypeOf(io.timeout(1).emitWithAck('ask', 'x')).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(io.to('a').timeout(1).emitWithAck('both', 1)).toEqualTypeOf<Promise<number[]>>();
  io.use((socket, next) => {
    expectTypeOf(socket.data.user).toEqualTypeOf<string>();
    next();
  });
  io.of('/x').on('connection', (socket) => expectTypeOf(socket.data).toEqualTypeOf<Data>());
  io.on('new_namespace', (namespace) => expectTypeOf(namespace.name).toEqualTypeOf<string>());
  expectTypeOf(io.in('a')).toExtend<BroadcastOperator<never, Data>>();
}

/** Compiled, never called. */
async function betweenServers(io: Typed): Promise<void> {
  io.serverSideEmit('ping', 1);
  // @ts-expect-error a number is wanted
  io.serverSideEmit('ping', 'x');
  io.serverSideEmit('count', (error, answers) => {
    expectTypeOf(error).toEqualTypeOf<Error>();
    expectTypeOf(answers).toEqualTypeOf<number[]>();
  });
  expectTypeOf(await io.serverSideEmitWithAck('count')).toEqualTypeOf<number[]>();
  io.on('ping', (n) => expectTypeOf(n).toEqualTypeOf<number>());
  const [socket] = await io.fetchSockets();
  expectTypeOf(socket?.data).toEqualTypeOf<Data | undefined>();
  socket?.emit('reading', 'power', 1);
  // @ts-expect-error servers do not send this
  socket?.emit('hello', 'x');
}

/** Compiled, never called. */
function untyped(io: Server): void {
  io.on('connection', (socket) => {
    expectTypeOf(socket.data).toBeAny();
    socket.on('anything', (a, b) => {
      expectTypeOf(a).toBeAny();
      expectTypeOf(b).toBeAny();
    });
    socket.emit('anything', 1, '2', [3], () => undefined);
    expectTypeOf(socket.emitWithAck('anything')).resolves.toBeAny();
  });
  io.emit('anything', 1, () => undefined);
  io.of('/x').to('y').emit('z', 1);
  const one = new Server<ClientToServer>();
  // With one map, both directions share it.
  one.emit('hello', 'x');
}

describe('the types of events', () => {
  test('are checked by the compiler', () => {
    expectTypeOf([typed, broadcasts, betweenServers, untyped]).toBeArray();
  });
});
