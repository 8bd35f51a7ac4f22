/**
 * What people write with the official `socket.io` in an afternoon, and the floor below any server. All take the same
 * messages from the same kind of broker; the two with `socket.io` send the readings as the same tuples.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { Server } from 'socket.io';
import { serverFrame } from '../socketio/frames.ts';

/** What a device publishes. */
export interface Message {
  readonly device: string;
  /** Epoch ms. */
  readonly ts: number;
  readonly values: Readonly<Record<string, number>>;
}

export type Peer = (http: HttpServer) => (message: Message) => void;

const batchMs = 100;

/** (a) One emit per reading. */
const each: Peer = (http) => {
  const io = new Server(http, { serveClient: false });
  return (message) => {
    for (const tuple of tuplesOf(message)) io.emit('reading', tuple);
  };
};

/** (b) A room, and whatever came within 100 ms as one event. */
const batches: Peer = (http) => {
  const io = new Server(http, { serveClient: false });
  io.on('connection', (socket) => void socket.join('readings'));
  return batched(tuplesOf, (batch) => io.to('readings').emit('readings', batch));
};

/**
 * The floor: each 100 ms the text of a frame of the hub's, by one `net.Socket.write` to each connection and nothing
 * else. No rooms, no heartbeat, no look at who keeps up; and nobody is read from.
 */
const bare: Peer = (http) => {
  const sockets: Socket[] = [];
  http.on('upgrade', (_request, socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined).on('close', () => sockets.splice(sockets.indexOf(socket), 1));
    socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    socket.write(serverFrame('0{}'));
    socket.once('data', () => {
      socket.write(serverFrame('40/bench,{}'));
      sockets.push(socket);
    });
    socket.resume();
  });
  let offset = 1e9;
  return batched(
    (message) => [message],
    (batch) => {
      const time = batch[0]?.ts ?? 0;
      const readings = batch.map(({ device, ts, values }) => [device, ts - time, values]);
      offset += batch.length;
      const payload = ['readings', { view: 'sixteenCharacter', offset, time, readings }];
      const frame = serverFrame(`42/bench,${JSON.stringify(payload)}`);
      for (const socket of sockets) socket.write(frame);
    },
  );
};

export const peers = { each, batches, bare } as const satisfies Record<string, Peer>;

function tuplesOf({ device, ts, values }: Message): (readonly [string, string, number, number])[] {
  return Object.entries(values).map(([metric, value]) => [device, metric, ts, value] as const);
}

function batched<Item>(
  itemsOf: (message: Message) => readonly Item[],
  send: (batch: readonly Item[]) => void,
): (message: Message) => void {
  let batch: Item[] = [];
  setInterval(() => {
    if (batch.length > 0) send(batch);
    batch = [];
  }, batchMs);
  return (message) => {
    batch.push(...itemsOf(message));
  };
}
