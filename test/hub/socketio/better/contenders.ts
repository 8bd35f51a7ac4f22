/** Our server and npm `socket.io`, to run the same scenario on both: what one holds, the other must be seen to break. */
import { createServer, type Server as HttpServer } from 'node:http';
import { Server as OfficialServer } from 'socket.io';
import { Server, type ServerOptions } from '#socketio';
import type { Harness, Running } from '../harness.ts';

export type Contender = 'ours' | 'official';

/** Options that the official server does not know are nothing to it. */
export function makeServer(
  which: Contender,
  httpServer: HttpServer,
  options: Partial<ServerOptions> = {},
): Server {
  if (which === 'ours') return new Server(httpServer, options);
  return new OfficialServer(httpServer, options as object) as unknown as Server;
}

export function start(
  harness: Harness,
  which: Contender,
  options: Partial<ServerOptions> = {},
): Promise<Running> {
  const httpServer = createServer();
  return harness.run(makeServer(which, httpServer, options), httpServer);
}
