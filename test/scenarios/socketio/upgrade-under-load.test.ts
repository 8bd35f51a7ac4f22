/** Sixty default clients move from long-polling to WebSocket while events flow both ways: all arrive, once, in order. */
import type { Server as HttpServer } from 'node:http';
import type { Socket as ClientSocket } from 'socket.io-client';
import { afterEach, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from '../../hub/socketio/harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

const clientCount = 60;
const eventsBeforeUpgrade = 20;
const eventsAfterUpgrade = 100;

/** One side of a connection. */
interface Side {
  readonly socket: Pick<Socket | ClientSocket, 'emit' | 'on'>;
  readonly transport: () => string;
  /** Until then nothing is sent. */
  readonly connected?: Promise<unknown>;
  /** To be called once events flow. */
  readonly flowing: () => void;
}

interface Outcome {
  readonly heard: readonly number[];
  /** How many the other side sent. */
  readonly sentByOther: number;
  readonly sentBeforeUpgrade: number;
}

/** Sends one number in each turn of the loop until long after the move, and listens to the other side's. */
async function countUp({ socket, transport, connected, flowing }: Side): Promise<Outcome> {
  const arrived = arrivals(socket);
  await connected;
  let sent = 0;
  let sentBeforeUpgrade = 0;
  for (let after = 0; after < eventsAfterUpgrade; sent += 1) {
    // Every seventh has attachments, which have to stay behind it.
    socket.emit('number', sent, sent % 7 === 0 ? { bytes: Buffer.from([sent & 255]) } : 'text');
    if (transport() === 'websocket') after += 1;
    else sentBeforeUpgrade += 1;
    if (sent === eventsBeforeUpgrade) flowing();
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.emit('last', sent);
  return { ...(await arrived), sentBeforeUpgrade };
}

/** Resolves once the last has arrived. */
function arrivals(socket: Side['socket']): Promise<Pick<Outcome, 'heard' | 'sentByOther'>> {
  const numbers: number[] = [];
  socket.on('number', (n: number, payload: 'text' | { bytes: Buffer }) => {
    const isWhole = payload === 'text' ? n % 7 !== 0 : payload.bytes[0] === (n & 255);
    numbers.push(isWhole ? n : NaN);
  });
  return new Promise((resolve) => {
    socket.on('last', (sentByOther: number) => resolve({ heard: numbers, sentByOther }));
  });
}

/** Lets upgrade requests wait, so that all clients move at once and in the middle of the load. */
function holdUpgrades(httpServer: HttpServer, until: Promise<unknown>): void {
  const listeners = httpServer.listeners('upgrade');
  httpServer.removeAllListeners('upgrade');
  const answer = async (...request: unknown[]): Promise<void> => {
    await until;
    for (const listener of listeners) Reflect.apply(listener, httpServer, request);
  };
  httpServer.on('upgrade', (...request) => void answer(...request));
}

test(`${clientCount} clients that upgrade under load lose and reorder nothing, in either direction`, async () => {
  const running = await harness.start();
  let flows = 0;
  const allFlow = Promise.withResolvers<void>();
  const flowing = (): void => {
    flows += 1;
    if (flows === 2 * clientCount) allFlow.resolve();
  };
  holdUpgrades(running.httpServer, allFlow.promise);

  const atServer: Promise<Outcome>[] = [];
  running.io.on('connection', (socket) => {
    atServer.push(countUp({ socket, transport: () => socket.conn.transport.name, flowing }));
  });
  const clients = Array.from({ length: clientCount }, () =>
    running.client('/', { transports: ['polling', 'websocket'] }),
  );
  const atClients = clients.map((socket) =>
    countUp({
      socket,
      transport: () => socket.io.engine.transport.name,
      connected: heard(socket, 'connect'),
      flowing,
    }),
  );

  const down = await Promise.all(atClients);
  const up = await Promise.all(atServer);
  expect(up).toHaveLength(clientCount);
  for (const { heard: numbers, sentByOther, sentBeforeUpgrade } of [...down, ...up]) {
    expect(numbers).toEqual(Array.from({ length: sentByOther }, (_, n) => n));
    expect(sentBeforeUpgrade).toBeGreaterThan(eventsBeforeUpgrade);
  }
  for (const { io } of clients) expect(io.engine.transport.name).toBe('websocket');
  console.log(
    `${clientCount} clients: ${total(up, 'sentByOther')} events up and ${total(down, 'sentByOther')} down, ` +
      `${total([...up, ...down], 'sentBeforeUpgrade')} of them before the move.`,
  );
});

function total(outcomes: readonly Outcome[], key: 'sentByOther' | 'sentBeforeUpgrade'): number {
  return outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
}
