/**
 * An admin namespace beside the public one, on the same connection: only who shows the token gets in, and from inside
 * sees who is there and can send somebody away.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { Server, type ExtendedError } from '#socketio';
import { listen } from './listen.ts';

interface FromAdmins {
  'who is there': (ack: (ids: string[]) => void) => void;
  'send away': (id: string, ack: (answer: { readonly ok: boolean }) => void) => void;
}

interface ToAdmins {
  came: (id: string) => void;
  went: (id: string, reason: string) => void;
}

/** Adds both namespaces to an HTTP server. @param token what admins have to show */
export function withAdmin(httpServer: HttpServer, token: string): Server {
  const io = new Server(httpServer);
  const admin = io.of('/admin') as unknown as ReturnType<Server<FromAdmins, ToAdmins>['of']>;

  io.on('connection', (socket) => {
    admin.emit('came', socket.id);
    socket.on('echo', (text: string, ack: (text: string) => void) => ack(text));
    socket.on('disconnect', (reason) => admin.emit('went', socket.id, reason));
  });

  // Runs before anyone hears of the socket: who is refused here was never in.
  admin.use((socket, next) => {
    next(isSame(socket.handshake.auth['token'], token) ? undefined : refusal());
  });
  admin.on('connection', (socket) => {
    socket.on('who is there', (ack) => ack([...io.sockets.sockets.keys()]));
    socket.on('send away', (id, ack) => {
      const unwanted = io.sockets.sockets.get(id);
      unwanted?.disconnect();
      ack({ ok: unwanted !== undefined });
    });
  });
  return io;
}

/** Takes equally long for every wrong token. */
function isSame(shown: unknown, token: string): boolean {
  const [a, b] = [String(shown), token].map((text) => createHash('sha256').update(text).digest());
  return typeof shown === 'string' && timingSafeEqual(a!, b!);
}

/** What the client finds in `connect_error`: a message for people, and data for programs. */
function refusal(): ExtendedError {
  return Object.assign(new Error('You may not come in here.'), { data: { code: 'unauthorised' } });
}

if (import.meta.main)
  listen((httpServer) => withAdmin(httpServer, process.env['ADMIN_TOKEN'] ?? 'let me in'));
