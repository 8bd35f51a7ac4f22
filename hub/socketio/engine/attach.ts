/** Puts an engine in front of the other listeners of an HTTP server, under a path of its own. */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AttachOptions } from './options.ts';

/** What of an engine is attached. */
export interface Attachable {
  init(): void;
  close(): unknown;
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly opts: { readonly transports: readonly string[] };
}

/** The prefix of the requests that are the engine's. */
export function computePath({ path = '/engine.io', addTrailingSlash = true }: AttachOptions): string {
  const trimmed = path.replace(/\/$/, '');
  return addTrailingSlash ? `${trimmed}/` : trimmed;
}

export function attachTo(engine: Attachable, server: HttpServer, options: AttachOptions): void {
  const path = computePath(options);
  const isOurs = (request: IncomingMessage): boolean => request.url?.startsWith(path) ?? false;
  const others = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  server.removeAllListeners('request');
  server.on('close', () => engine.close());
  server.on('listening', () => engine.init());
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isOurs(request)) engine.handleRequest(request, response);
    else for (const other of others) other.call(server, request, response);
  });
  if (!engine.opts.transports.includes('websocket')) return;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isOurs(request)) engine.handleUpgrade(request, socket, head);
    else if (options.destroyUpgrade !== false) endIfUnanswered(socket, options.destroyUpgradeTimeout || 1000);
  });
}

/** Another listener may take the upgrade; if none wrote anything in time, it is ended. */
function endIfUnanswered(socket: Duplex & { bytesWritten?: number }, timeoutMs: number): void {
  const timer = setTimeout(() => {
    if (!socket.writable || (socket.bytesWritten ?? 0) > 0) return;
    socket.on('error', ignoreError);
    socket.end();
  }, timeoutMs);
  timer.unref();
}

// The peer of an ended upgrade may have gone already.
function ignoreError(): void {}
