/** A chat: everyone says a name first, and then hears everything that is said, in one order. */
import type { Server as HttpServer } from 'node:http';
import { Server, type ServerOptions } from '#socketio';
import { listen } from './listen.ts';

type Answer = { readonly ok: true; readonly people: string[] } | { readonly ok: false; readonly why: string };

interface FromClients {
  enter: (name: string, ack: (answer: Answer) => void) => void;
  say: (text: string) => void;
  typing: () => void;
}

interface ToClients {
  entered: (name: string) => void;
  said: (name: string, text: string) => void;
  typing: (name: string) => void;
  left: (name: string) => void;
}

interface Person {
  name?: string;
}

export type ChatServer = Server<FromClients, ToClients, Record<string, never>, Person>;

/** Adds the chat to an HTTP server. */
export function chat(httpServer: HttpServer, options: Partial<ServerOptions> = {}): ChatServer {
  const io: ChatServer = new Server(httpServer, options);
  io.on('connection', (socket) => {
    socket.on('enter', (name, ack) => {
      if (people(io).includes(name)) return ack({ ok: false, why: `${name} is here already.` });
      socket.data.name = name;
      void socket.join('inside');
      socket.to('inside').emit('entered', name);
      ack({ ok: true, people: people(io) });
    });
    socket.on('say', (text) => {
      // To the speaker too: so everybody sees the same order.
      if (socket.data.name !== undefined) io.to('inside').emit('said', socket.data.name, text);
    });
    socket.on('typing', () => {
      // Not worth sending later: whoever cannot take it now, does without.
      if (socket.data.name !== undefined) socket.volatile.to('inside').emit('typing', socket.data.name);
    });
    socket.on('disconnect', () => {
      if (socket.data.name !== undefined) io.to('inside').emit('left', socket.data.name);
    });
  });
  return io;
}

/** Who is inside, in the order of their coming. */
export function people(io: ChatServer): string[] {
  return [...io.sockets.sockets.values()].flatMap(({ data }) => data.name ?? []);
}

if (import.meta.main) listen((httpServer) => chat(httpServer));
