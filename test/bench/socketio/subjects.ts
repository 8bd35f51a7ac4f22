/**
 * What is measured: this project, npm `socket.io`, and two floors beneath them.
 * `ws`: the least that speaks the protocol on bare `ws`. `tcp`: bytes that look like it, written to sockets as they are.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { Server as OfficialServer } from 'socket.io';
import { WebSocketServer, type WebSocket } from 'ws';
import { Server } from '#socketio';
import { serverFrame } from './frames.ts';

export const subjectNames = ['ours', 'official', 'ws', 'tcp'] as const;
export type SubjectName = (typeof subjectNames)[number];
export type Mode = 'plain' | 'deflate' | 'recovery';

/** A server under measurement. */
export interface Subject {
  /** The broadcast of one event to all. */
  emit(data: unknown): void;
  /** Only of Socket.IO servers. */
  readonly io?: Server;
}

const optionsOf: Record<Mode, object> = {
  plain: {},
  deflate: { perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true } },
  recovery: { connectionStateRecovery: {} },
};

export function makeSubject(name: SubjectName, mode: Mode, httpServer: HttpServer): Subject {
  if (name === 'ws') return bareWs(httpServer);
  if (name === 'tcp') return bareTcp(httpServer);
  const options = { serveClient: false, ...optionsOf[mode] };
  const io =
    name === 'ours'
      ? new Server(httpServer, options)
      : (new OfficialServer(httpServer, options) as unknown as Server);
  io.on('connection', (socket) => {
    socket.on('telemetry', (_reading: unknown, ack: (answer: object) => void) => ack({ ok: true }));
  });
  return { io, emit: (data) => void io.emit('readings', data) };
}

const handshake = '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
const connected = '40{"sid":"b"}';
const acknowledgement = '431[{"ok":true}]';

function bareWs(httpServer: HttpServer): Subject {
  const clients = new Set<WebSocket>();
  const server = new WebSocketServer({ server: httpServer, clientTracking: false, perMessageDeflate: false });
  server.on('connection', (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text === '40') return client.send(connected);
      if (text.startsWith('421')) {
        JSON.parse(text.slice(3));
        client.send(`431${JSON.stringify([{ ok: true }])}`);
      }
    });
    client.send(handshake);
  });
  return {
    emit(data) {
      const text = `42${JSON.stringify(['readings', data])}`;
      for (const client of clients) client.send(text);
    },
  };
}

/** Frames are counted, not read; what is written in one tick leaves in one write, as it would for any floor. */
function bareTcp(httpServer: HttpServer): Subject {
  const sockets = new Set<Socket>();
  const ack = serverFrame(acknowledgement);
  httpServer.on('upgrade', (_request, socket: Socket) => {
    let asked = false;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      if (!asked) {
        asked = true;
        socket.write(serverFrame(connected));
        return;
      }
      const count = countFrames(chunk);
      socket.write(count === 1 ? ack : Buffer.concat(Array.from({ length: count }, () => ack)));
    });
    const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    socket.write(Buffer.concat([Buffer.from(head), serverFrame(handshake)]));
  });
  let due: Buffer[] = [];
  const flush = (): void => {
    const all = due.length === 1 && due[0] !== undefined ? due[0] : Buffer.concat(due);
    due = [];
    for (const socket of sockets) socket.write(all);
  };
  return {
    emit(data) {
      if (due.length === 0) process.nextTick(flush);
      due.push(serverFrame(`42${JSON.stringify(['readings', data])}`));
    },
  };
}

/** Whole frames of less than 64 kB are assumed: the clients of the benchmark send nothing else. */
function countFrames(chunk: Buffer): number {
  let count = 0;
  for (let at = 0; at + 1 < chunk.length; count += 1) {
    const short = (chunk[at + 1] as number) & 0x7f;
    at += short < 126 ? 6 + short : 8 + chunk.readUInt16BE(at + 2);
  }
  return count;
}
