/**
 * The Socket.IO server as the hub runs it: every protection that the library offers is on. What each limit is for
 * stands beside it in `contract/limits.ts`.
 */
import type { Server as HttpServer } from 'node:http';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toRefusal } from './contract/errors.ts';
import { limits } from './contract/limits.ts';
import { isAllowedOrigin } from './contract/origin.ts';
import type { SocketsStatus } from './contract/status.ts';
import type { Counters, Log } from './ports.ts';
import { Server, type Turns } from './socketio/index.ts';

export interface SocketServerParts {
  /** Browser origins beside the hub's own. */
  readonly origins: readonly string[];
  readonly log: Log;
  readonly counters: Counters;
  /** Of those that may wait. */
  readonly turns: Turns;
}

export function createSocketServer(
  http: HttpServer,
  { origins, log, counters, turns }: SocketServerParts,
): Server {
  return new Server(http, {
    maxHttpBufferSize: limits.socketMessageBytes,
    maxBufferedBytes: limits.connectionBufferBytes,
    volatileMaxBufferedBytes: limits.volatileBufferBytes,
    clientPath: dirname(fileURLToPath(import.meta.resolve('socket.io-client/dist/socket.io.js'))),
    allowOrigin: (origin, request) => isAllowedOrigin(origin, request.headers.host, origins),
    // After a restart all come in one moment.
    allowRequest: (request, answer) =>
      turns.take(request, () => {
        answer(undefined, true);
        return false;
      }),
    keepRequest: false,
    admission: { perSecond: limits.handshakesPerSecond, burst: limits.handshakesBurst },
    flood: {
      packetsPerSecond: limits.socketPacketsPerSecond,
      bytesPerSecond: limits.socketBytesPerSecond,
      packetsPerPayload: limits.socketPacketsPerPayload,
    },
    maxNamespaces: limits.namespacesPerConnection,
    maxRefusals: limits.refusalsPerConnection,
    maxAttachments: limits.attachmentsPerPacket,
    maxAttachmentBytes: limits.socketMessageBytes,
    attachmentsTimeout: limits.attachmentsMs,
    onListenerError: (error) => {
      counters.count('socketio', 'listener-failed');
      log.error('A Socket.IO listener failed.', { error });
    },
    failedAck: toRefusal(undefined),
  });
}

const shownCloses = 20;

/** How its connections are now, and why the last ones ended. */
export function socketsStatus({ engine }: Server): SocketsStatus {
  const waiting = Object.values(engine.clients).map((session) => session.bufferedBytes);
  return {
    connections: engine.clientsCount,
    queuedBytes: waiting.reduce((sum, bytes) => sum + bytes, 0),
    slow: waiting.filter((bytes) => bytes > limits.volatileBufferBytes).length,
    lastCloses: engine.lastCloses
      .slice(-shownCloses)
      .toReversed()
      .map(({ reason, transport, ageMs, bufferedBytes, roundTripMs, closedAt }) => ({
        reason,
        transport,
        ageMs,
        bufferedBytes,
        ...(roundTripMs !== undefined && { roundTripMs }),
        closedAt: closedAt.getTime(),
      })),
  };
}

const closeEveryMs = 100;
const mostCloses = 40;
const fewestAtOnce = 50;

/**
 * Ends the connections a few at a time, so that their clients do not all come back at once; then the server. However
 * many there are, the last is told within four seconds: the process has its own deadline.
 */
export async function closeGently(io: Server): Promise<void> {
  const batch = Math.max(fewestAtOnce, Math.ceil(io.engine.clientsCount / mostCloses));
  await io.engine.closeStaggered({ batch, everyMs: closeEveryMs });
  await io.close();
}
