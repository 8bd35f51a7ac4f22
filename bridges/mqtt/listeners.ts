/**
 * The ways into the embedded broker: TCP, TLS and WebSocket. Each hands every connection on as a stream of bytes.
 * Spec: MQTT 3.1.1, §4.2 (network connections), §6 (WebSocket: subprotocol `mqtt`, binary frames only).
 */
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import { limits } from '#contract/limits.ts';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface Door {
  /** `tcp://127.0.0.1:1883` */
  readonly name: string;
  close(): Promise<void>;
}

export interface Welcome {
  (stream: Duplex, address: string): void;
}

interface Place {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

const keepAliveMs = 60_000;
const subprotocols = ['mqtt', 'mqttv3.1'];
const closeCode = { goingAway: 1001, unsupportedData: 1003 } as const;
export const webSocketPath = '/mqtt';

/** @throws {Error} the port is taken */
export async function openTcp(place: Place, welcome: Welcome, onDrop: () => void): Promise<Door> {
  const server = createTcpServer({ noDelay: true }, (socket) => welcomeSocket(socket, welcome));
  return listen(server, place, 'tcp', onDrop);
}

/** @throws {Error} the port is taken, or the certificate cannot be used */
export async function openTls(
  { host, port, cert, key }: Place & Certificate,
  welcome: Welcome,
  onDrop: () => void,
): Promise<Door> {
  const options = { cert, key, handshakeTimeout: limits.mqttConnectDeadlineMs, noDelay: true };
  const server = createTlsServer(options, (socket) => welcomeSocket(socket, welcome));
  // A peer that speaks no TLS, or a version that is too old: nothing to do with us.
  server.on('tlsClientError', onDrop);
  return listen(server, { host, port }, 'tls', onDrop);
}

/** A port for WebSockets alone; with a certificate it speaks `wss`. @throws {Error} the port is taken */
export async function openWebSocketPort(
  { host, port, certificate }: Place & { readonly certificate?: Certificate | undefined },
  welcome: Welcome,
  onDrop: () => void,
): Promise<Door> {
  const server = certificate === undefined ? createHttpServer() : createHttpsServer({ ...certificate });
  server.on('request', (_request, response) => response.writeHead(426, { upgrade: 'websocket' }).end());
  const sockets = shareHttpServer(server, welcome, () => true);
  const door = await listen(server, { host, port }, certificate === undefined ? 'ws' : 'wss', onDrop);
  return { name: door.name, close: async () => void (await Promise.all([sockets.close(), door.close()])) };
}

/** `/mqtt` on a server that has other things to do. */
export function shareHttpServer(
  server: HttpServer,
  welcome: Welcome,
  isOurs: (path: string) => boolean = (path) => path === webSocketPath,
): Door {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.mqttPacketBytes * 2,
    perMessageDeflate: false,
    handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false,
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path = ''] = (request.url ?? '').split('?');
    if (!isOurs(path)) return;
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      welcomeWebSocket(webSocket, request, welcome),
    );
  };
  server.on('upgrade', upgrade);
  return {
    name: `ws${webSocketPath}`,
    close: async () => {
      server.off('upgrade', upgrade);
      for (const webSocket of webSockets.clients) webSocket.close(closeCode.goingAway);
      webSockets.close();
    },
  };
}

function welcomeSocket(socket: Socket, welcome: Welcome): void {
  socket.setKeepAlive(true, keepAliveMs);
  welcome(socket, socket.remoteAddress ?? '');
}

function welcomeWebSocket(webSocket: WebSocket, request: IncomingMessage, welcome: Welcome): void {
  webSocket.on('message', (_data, isBinary) => {
    if (!isBinary) webSocket.close(closeCode.unsupportedData);
  });
  welcome(createWebSocketStream(webSocket), request.socket.remoteAddress ?? '');
}

async function listen(
  server: Server,
  { host, port }: Place,
  scheme: string,
  onDrop: () => void,
): Promise<Door> {
  server.maxConnections = limits.mqttConnections;
  server.on('drop', onDrop);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  const shown = family === 'IPv6' ? `[${address}]` : address;
  return {
    name: `${scheme}://${shown}:${bound}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
