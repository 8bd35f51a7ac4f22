/**
 * The WebSocket engine under the transport: `ws`, or what `wsEngine` names instead.
 * Decides how a connection's frames are to be compressed.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ZlibOptions } from 'node:zlib';
import type { PerMessageDeflateOptions, ServerOptions as WebSocketServerOptions, WebSocket } from 'ws';
import type { EngineOptions } from './options.ts';
import { QuickWebSocketServer } from './quick-upgrade.ts';

/** What of a WebSocket server is used. */
export interface WebSocketEngine {
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    done: (webSocket: WebSocket, request: IncomingMessage, answer?: string) => void,
  ): void;
  on(event: 'headers', listener: (headers: string[], request: IncomingMessage) => void): unknown;
  close(): void;
}

export type WebSocketEngineConstructor = new (options: WebSocketServerOptions) => WebSocketEngine;

export interface DeflateSettings {
  readonly thresholdBytes: number;
  readonly zlib: ZlibOptions;
}

export const defaultWebSocketEngine: WebSocketEngineConstructor = QuickWebSocketServer;

/** Limits of `ws` that its types do not list yet. */
type WebSocketLimits = { maxFragments?: number; maxBufferedChunks?: number; closeTimeout?: number };

export function createWebSocketEngine(options: EngineOptions): WebSocketEngine {
  const Engine = options.wsEngine ?? defaultWebSocketEngine;
  const limits: WebSocketLimits = { closeTimeout: options.closeTimeout ?? 5000 };
  if (options.maxFragments !== undefined) limits.maxFragments = options.maxFragments;
  if (options.maxBufferedChunks !== undefined) limits.maxBufferedChunks = options.maxBufferedChunks;
  const engine = new Engine({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: options.perMessageDeflate ?? false,
    maxPayload: options.maxHttpBufferSize,
    ...limits,
  });
  if (Engine === QuickWebSocketServer) (engine as QuickWebSocketServer).handsOnAnswer = true;
  return engine;
}

/** A request that became a WebSocket. */
export interface Upgraded {
  readonly webSocket: WebSocket;
  /** What is still to be written in answer to the request. */
  readonly answer: string | undefined;
}

interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Upgrades a request; the answer to it and what `done` sends leave in one write. */
export function upgradeBy(
  engine: WebSocketEngine | undefined,
  { request, socket, head }: UpgradeRequest,
  done: (upgraded: Upgraded) => void,
): void {
  socket.cork();
  engine?.handleUpgrade(request, socket, head, (webSocket, _request, answer) => {
    if (answer !== undefined) socket.uncork();
    done({ webSocket, answer });
  });
  socket.uncork();
}

type Extensions = {
  readonly [name: string]: { readonly params?: { readonly server_max_window_bits?: number } };
};
type Internals = { readonly _socket?: Duplex; readonly _extensions?: Extensions };

export interface FramingOfConnection {
  readonly deflate: DeflateSettings | undefined;
  readonly throughLibrary: boolean;
}

/**
 * Our own frames, unless the engine hides its socket or the peer asked for a smaller window than
 * a message compressed by itself may use.
 */
export function framingOf(webSocket: WebSocket, options: EngineOptions): FramingOfConnection {
  const { _socket: socket, _extensions: extensions } = webSocket as unknown as Internals;
  if (socket === undefined || extensions === undefined) return { deflate: undefined, throughLibrary: true };
  const negotiated = extensions['permessage-deflate'];
  if (negotiated === undefined) return { deflate: undefined, throughLibrary: false };
  if (negotiated.params?.server_max_window_bits !== undefined)
    return { deflate: undefined, throughLibrary: true };
  const settings = options.perMessageDeflate as PerMessageDeflateOptions;
  const deflate = {
    thresholdBytes: settings.threshold ?? 1024,
    zlib: { ...settings.zlibDeflateOptions } as ZlibOptions,
  };
  return { deflate, throughLibrary: false };
}
