/** Engine.IO v4 alone, with the entry points of npm `engine.io`. */
import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { EngineServer } from './engine-server.ts';
import type { AttachOptions, ServerOptions } from './options.ts';

export { EngineServer as Server } from './engine-server.ts';
export { Session, Session as Socket } from './session.ts';
export type { ReadyState } from './session.ts';
export { Transport } from './transport.ts';
export type { EngineRequest, SendCallback, TransportName } from './transport.ts';
export { protocol } from './packet.ts';
export type { MessageData, Packet, PacketType, SendOptions } from './packet.ts';
export type { AttachOptions, ServerOptions } from './options.ts';
export type { CloseRecord } from './close-log.ts';
export type { CorsOptions, CorsOptionsDelegate } from './cors.ts';
export type { CookieOptions } from './cookie.ts';

/** Attaches a new engine to an HTTP server. */
export function attach(server: HttpServer, options: ServerOptions & AttachOptions = {}): EngineServer {
  const engine = new EngineServer(options);
  engine.attach(server, options);
  return engine;
}

/** Listens with an HTTP server that serves nothing else. */
export function listen(
  port: number,
  options: ServerOptions & AttachOptions = {},
  onListening?: () => void,
): EngineServer {
  const server = createServer((_request, response) => {
    response.writeHead(501);
    response.end('Not Implemented');
  });
  const engine = attach(server, options);
  engine.httpServer = server;
  server.listen(port, onListening);
  return engine;
}
