/**
 * The WebSocket server of `ws`, quicker in the usual case: it checks the request as ever, but what follows, when
 * no subprotocol and no extension was agreed on, takes one call for the digest and one write for the answer,
 * which may be left to the caller.
 * Should a later `ws` name its steps otherwise, it goes its own way and nothing is lost but time.
 * Spec: RFC 6455 section 4.2.2.
 */
import * as crypto from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { ServerOptions } from 'ws';

/** The last step of an upgrade in `ws`, once the request was found good. */
type CompleteUpgrade = (
  extensions: object,
  key: string,
  protocols: ReadonlySet<string>,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  done: (webSocket: WebSocket, request: IncomingMessage, answer?: string) => void,
) => void;

type ServerSide = WebSocket & {
  setSocket(socket: Duplex, head: Buffer, options: ServerOptions): void;
};

type ServerSideConstructor = new (address: null, protocols: undefined, options: ServerOptions) => ServerSide;

const isKnown = 'setSocket' in WebSocket.prototype;

const { completeUpgrade: stepByStep } = WebSocketServer.prototype as unknown as {
  completeUpgrade?: CompleteUpgrade;
};

/** Not in the first releases of Node 20. */
const { hash } = crypto as { hash?: typeof crypto.hash };
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const taken = Symbol('a WebSocket already');

/** For engines that keep no list of clients (`clientTracking: false`). */
export class QuickWebSocketServer extends WebSocketServer {
  /** Whether the answer is handed on instead of written, to leave together with the first frames. */
  handsOnAnswer = false;
  #isClosed = false;

  override close(done?: (error?: Error) => void): void {
    this.#isClosed = true;
    super.close(done);
  }

  /** Called by `ws`. */
  protected completeUpgrade(...step: Parameters<CompleteUpgrade>): void {
    const [extensions, key, protocols, request, socket, head, done] = step;
    const isUsual = protocols.size === 0 && Object.keys(extensions).length === 0;
    const isReady = !this.#isClosed && socket.readable && socket.writable && !(taken in socket);
    if (!isUsual || !isReady || hash === undefined || !isKnown) {
      stepByStep?.apply(this, step);
      return;
    }
    (socket as Duplex & { [taken]?: true })[taken] = true;
    const lines = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${hash('sha1', key + guid, 'base64')}`,
    ];
    this.emit('headers', lines, request);
    const answer = `${lines.join('\r\n')}\r\n\r\n`;
    if (!this.handsOnAnswer) socket.write(answer, 'latin1');
    // That of `ws` for the time of the check; the WebSocket brings its own.
    socket.removeListener('error', socket.listeners('error').at(-1) as () => void);
    const ServerSideWebSocket = this.options.WebSocket as unknown as ServerSideConstructor;
    const webSocket = new ServerSideWebSocket(null, undefined, this.options);
    webSocket.setSocket(socket, head, this.options);
    done(webSocket, request, this.handsOnAnswer ? answer : undefined);
  }
}
