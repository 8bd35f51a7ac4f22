import { afterEach, describe, expect, test } from 'vitest';
import type { ListenerErrorContext, Socket } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

async function guarded() {
  const reported: [string, ListenerErrorContext][] = [];
  const running = await harness.start({
    onListenerError: (error, context) => reported.push([(error as Error).message, context]),
  });
  return { running, io: running.io, reported };
}

function fail(): never {
  throw new Error('mine');
}

describe('with a hook for errors of listeners', () => {
  test('a listener that throws is reported, counted, and its acknowledgement answered', async () => {
    const { running, io, reported } = await guarded();
    io.on('connection', (socket) => socket.on('x', fail));
    const client = await running.connected();
    expect(await client.emitWithAck('x')).toEqual({
      ok: false,
      error: { code: 'internal-error', message: 'The event could not be handled.' },
    });
    expect(reported).toEqual([['mine', { namespace: '/', event: 'x', socketId: client.id }]]);
    expect(io.listenerErrorCount).toBe(1);
    expect(client.connected).toBe(true);
  });

  test('a listener that rejects too', async () => {
    const { running, io, reported } = await guarded();
    io.on('connection', (socket) => socket.on('x', async () => Promise.reject(new Error('later'))));
    const client = await running.connected();
    expect(await client.emitWithAck('x')).toMatchObject({ ok: false });
    expect(reported).toMatchObject([['later', { event: 'x' }]]);
  });

  test('an acknowledgement sent before the error stands, and other listeners run', async () => {
    const { running, io } = await guarded();
    let other = false;
    io.on('connection', (socket) => {
      socket.on('x', (ack: (n: number) => void) => {
        ack(1);
        fail();
      });
      socket.on('x', () => {
        other = true;
      });
    });
    const client = await running.connected();
    expect([await client.emitWithAck('x'), other]).toEqual([1, true]);
  });

  test('connection, disconnect, catch-all and acknowledgement callbacks are guarded', async () => {
    const { running, io, reported } = await guarded();
    io.on('connection', (socket) => {
      socket.onAny(fail);
      socket.onAnyOutgoing(fail);
      socket.on('disconnect', fail);
      socket.on('x', () => socket.emit('ask', fail));
    });
    io.on('connection', fail);
    const client = await running.connected();
    const [socket] = [...io.sockets.sockets.values()];
    client.on('ask', (ack: () => void) => {
      ack();
      client.emit('bye');
    });
    const bye = heard(socket as unknown as Socket, 'bye');
    client.emit('x');
    await bye;
    const gone = heard(socket as unknown as Socket, 'disconnect');
    client.disconnect();
    await gone;
    expect(reported.map(([, { event }]) => event).toSorted()).toEqual([
      'acknowledgement',
      'ask',
      'bye',
      'connection',
      'disconnect',
      'x',
    ]);
  });

  test('a middleware that throws refuses without telling the client why', async () => {
    const { running, io, reported } = await guarded();
    io.use(fail);
    const refused = heard(running.client(), 'connect_error');
    expect((await refused)[0]).toMatchObject({ message: 'internal error' });
    expect(reported).toMatchObject([['mine', { event: 'middleware' }]]);
  });

  test('a middleware of a socket that rejects refuses the event', async () => {
    const { running, io, reported } = await guarded();
    io.on('connection', (socket) => socket.use(async () => Promise.reject(new Error('later'))));
    const client = await running.connected();
    expect(await client.emitWithAck('x')).toMatchObject({ ok: false });
    expect(reported).toMatchObject([['later', { event: 'x' }]]);
  });
});
