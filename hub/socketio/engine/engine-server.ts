/**
 * The Engine.IO server: takes the requests and upgrades under its path, opens sessions and remembers them.
 * API of the `Server` of npm `engine.io` 6.6.
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RandomIds } from '../random-id.ts';
import { Admission } from './admission.ts';
import { attachTo } from './attach.ts';
import { CloseLog, closeRecord } from './close-log.ts';
import type { CloseRecord } from './close-log.ts';
import { cors } from './cors.ts';
import { keptRequest } from './handshake-record.ts';
import { Goodbyes } from './goodbyes.ts';
import { protocolOf, verifyRequest } from './handshake.ts';
import { Heartbeat, systemClock } from './heartbeat.ts';
import type { EngineClock } from './heartbeat.ts';
import { applyMiddlewares } from './middleware.ts';
import type { Middleware } from './middleware.ts';
import { ObservedEmitter } from './observed-emitter.ts';
import { withDefaults } from './options.ts';
import type { AttachOptions, EngineOptions, ServerOptions } from './options.ts';
import { pollingSettings } from './polling-settings.ts';
import type { PollingSettings } from './polling-settings.ts';
import { PollingTransport } from './polling-transport.ts';
import { parseQuery } from './query.ts';
import { errorMessages, errors, refuse, refuseRequest, refuseUpgrade } from './refusal.ts';
import type { ErrorCode, ErrorContext, Refusal } from './refusal.ts';
import { addPollingHeaders, addUpgradeHeaders } from './response-headers.ts';
import { obtainId } from './session-id.ts';
import { Session } from './session.ts';
import type { SessionEnd, SessionHost } from './session-host.ts';
import { closeStaggered } from './staggered-close.ts';
import type { StaggerOptions } from './staggered-close.ts';
import type { EngineRequest, TransportName } from './transport.ts';
import { UpgradeResponse } from './upgrade-response.ts';
import { createWebSocketEngine, defaultWebSocketEngine, framingOf, upgradeBy } from './web-socket-engine.ts';
import type { Upgraded, WebSocketEngine } from './web-socket-engine.ts';
import { WebSocketTransport } from './websocket-transport.ts';
import { WriteBatch } from './write-batch.ts';

export class EngineServer extends ObservedEmitter implements SessionHost {
  static readonly errors = errors;
  static readonly errorMessages = errorMessages;

  readonly opts: EngineOptions;
  readonly clients: Record<string, Session> = {};
  clientsCount = 0;
  httpServer: HttpServer | undefined = undefined;
  /** The WebSocket engine; undefined if that transport is not served. */
  ws: WebSocketEngine | undefined = undefined;
  readonly middlewares: Middleware[] = [];
  readonly heartbeat: Heartbeat;
  readonly #clock: EngineClock;
  readonly #admission: Admission;
  readonly #ids = new RandomIds();
  readonly #batch = new WriteBatch();
  readonly #closes = new CloseLog();
  readonly #goodbyes = new Goodbyes();
  readonly #polling: PollingSettings;

  constructor(options: ServerOptions = {}) {
    super();
    this.opts = withDefaults(options, defaultWebSocketEngine);
    this.#clock = this.opts.clock ?? systemClock;
    this.heartbeat = new Heartbeat(this.opts, this.#clock);
    this.#admission = new Admission(this.opts.admission, () => this.#clock.nowMs());
    this.#polling = pollingSettings(this.opts, {
      clock: this.#clock,
      batch: this.#batch,
      addHeaders: (headers, request, sid) => addPollingHeaders(this, headers, request, sid),
    });
    if (this.opts.cors) this.middlewares.push(cors(this.opts.cors));
    this.init();
  }

  /** The last 100 closes, oldest first. */
  get lastCloses(): CloseRecord[] {
    return this.#closes.toArray();
  }

  /** Takes the requests and upgrades of an HTTP server under its path; others go where they went before. */
  attach(server: HttpServer, options: AttachOptions = {}): void {
    attachTo(this, server, options);
  }

  /** Adds Express-style middleware, for polling requests and for upgrades. */
  use(middleware: Middleware): void {
    this.middlewares.push(middleware);
  }

  /** The id of a new session; replace it to have your own, also as a promise. */
  generateId(_request: IncomingMessage): string | PromiseLike<string> {
    return this.#ids.next();
  }

  /** Closes all sessions at once, and takes no further WebSocket. The HTTP server is not closed. */
  close(): this {
    for (const session of Object.values(this.clients)) session.close(true);
    this.#goodbyes.endSoon(this.#clock);
    this.ws?.close();
    return this;
  }

  /**
   * Closes the sessions a few at a time, after what they have to send, and admits no new ones.
   * Resolves when the last was told to close.
   */
  closeStaggered(options: StaggerOptions = {}): Promise<void> {
    this.#admission.close();
    return closeStaggered(Object.values(this.clients), options, this.#clock);
  }

  /** The transports a session of `transport` may move to. */
  upgrades(transport: TransportName): string[] {
    const { allowUpgrades, transports } = this.opts;
    return allowUpgrades && transport === 'polling' && transports.includes('websocket') ? ['websocket'] : [];
  }

  /** Makes ready for WebSockets; an HTTP server that listens again calls it again. */
  init(): void {
    if (!this.opts.transports.includes('websocket')) return;
    this.ws = createWebSocketEngine(this.opts);
    this.ws.on('headers', (lines, request) => addUpgradeHeaders(this, lines, request as EngineRequest));
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    const prepared = this.#prepared(request);
    prepared.res = response;
    const refuseIt = (refusal: Refusal): void => {
      this.#report(prepared, refusal);
      refuseRequest(response, refusal);
    };
    this.#admit(prepared, response, false, (refusal) => {
      if (refusal !== undefined) return refuseIt(refusal);
      const { sid } = prepared._query;
      if (sid) return this.clients[sid]?.transport.onRequest(prepared);
      this.#handshake(prepared, refuseIt, (id) => {
        this.#openSession(id, new PollingTransport(this.#polling), prepared);
      });
    });
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const prepared = this.#prepared(request);
    socket.on('error', ignoreError);
    // Only middleware writes to it.
    const response = this.middlewares.length > 0 ? new UpgradeResponse(prepared, socket) : undefined;
    prepared.res = (response ?? null) as unknown as ServerResponse;
    const refuseIt = (refusal: Refusal): void => {
      this.#report(prepared, refusal);
      if (response?.headersSent !== true) refuseUpgrade(socket, refusal);
    };
    this.#admit(prepared, prepared.res, true, (refusal) => {
      if (refusal !== undefined) return refuseIt(refusal);
      const complete = (done: (upgraded: Upgraded) => void): void => {
        // Some middleware, as express-session, sets its headers no sooner.
        response?.writeHead(101);
        upgradeBy(this.ws, { request: prepared, socket, head }, (upgraded) => {
          socket.off('error', ignoreError);
          prepared.websocket = upgraded.webSocket;
          done(upgraded);
        });
      };
      if (prepared._query['sid']) return complete((upgraded) => this.#probe(upgraded, prepared));
      this.#handshake(prepared, refuseIt, (id) => {
        complete((upgraded) => this.#openSession(id, this.#webSocketTransport(upgraded), prepared));
      });
    });
  }

  /** Parses what a request says of itself. */
  prepare(request: EngineRequest): void {
    request._query ??= parseQuery(request.url ?? '');
  }

  /** Whether a request may open or use a session; `done` gets nothing if so. */
  verify(
    request: EngineRequest,
    upgrade: boolean,
    done: (code?: ErrorCode, context?: ErrorContext) => void,
  ): void {
    this.#verify(request, upgrade, (refusal) => done(refusal?.code, refusal?.context));
  }

  openPacketData(session: Session): string {
    const { pingInterval, pingTimeout, maxHttpBufferSize } = this.opts;
    return JSON.stringify({
      sid: session.id,
      upgrades: this.upgrades(session.transport.name),
      pingInterval,
      pingTimeout,
      maxPayload: maxHttpBufferSize,
    });
  }

  raise(event: string, ...values: unknown[]): void {
    if (this.listenerCount(event) > 0) this.emit(event, ...values);
  }

  sessionClosed(session: Session, end: SessionEnd): void {
    this.clientsCount -= 1;
    if (this.clients[session.id] === session) delete this.clients[session.id];
    this.#closes.add(closeRecord(session, end, this.heartbeat.nowMs()));
  }

  #prepared(request: IncomingMessage): EngineRequest {
    const prepared = request as EngineRequest;
    this.prepare(prepared);
    return prepared;
  }

  #admit(
    request: EngineRequest,
    response: ServerResponse,
    upgrade: boolean,
    done: (refusal?: Refusal) => void,
  ): void {
    const tooEarly = request._query['sid'] ? undefined : this.#admission.refusalOf(request);
    if (tooEarly !== undefined) return done(tooEarly);
    if (this.middlewares.length === 0) return this.#verify(request, upgrade, done);
    applyMiddlewares(this.middlewares, request, response, (error) => {
      // It answered the request itself.
      if (response.writableEnded) return;
      if (error) done(refuse(errors.BAD_REQUEST, { name: 'MIDDLEWARE_FAILURE' }));
      else this.#verify(request, upgrade, done);
    });
  }

  #verify(request: EngineRequest, upgrade: boolean, done: (refusal?: Refusal) => void): void {
    const sessionOf = (sid: string): Session | undefined => {
      const session: unknown = this.clients[sid];
      // The id is the peer's, and the object has a prototype.
      return session instanceof Session ? session : undefined;
    };
    verifyRequest({ request, upgrade, options: this.opts, sessionOf }, done);
  }

  /** Checks the revision and finds an id; for a WebSocket that is before it becomes one. */
  #handshake(request: EngineRequest, refuseIt: (refusal: Refusal) => void, done: (id: string) => void): void {
    const revision = protocolOf(request, this.opts);
    if (revision !== 4) return refuseIt(refuse(errors.UNSUPPORTED_PROTOCOL_VERSION, { protocol: revision }));
    obtainId(
      () => this.generateId(request),
      done,
      (error) => refuseIt(refuse(errors.BAD_REQUEST, { name: 'ID_GENERATION_ERROR', error })),
    );
  }

  /** A second WebSocket of a session that has one, or is about to, is closed; the first stays. */
  #probe(upgraded: Upgraded, request: EngineRequest): void {
    const session = this.clients[request._query['sid'] ?? ''];
    const transport = this.#webSocketTransport(upgraded);
    transport.flushFrames();
    if (session === undefined || session.upgrading || session.transport.name === 'websocket')
      transport.close();
    else session.beginUpgrade(transport);
  }

  #webSocketTransport({ webSocket, answer }: Upgraded): WebSocketTransport {
    const framing = framingOf(webSocket, this.opts);
    return new WebSocketTransport({
      webSocket,
      answer,
      batch: this.#batch,
      goodbyes: this.#goodbyes,
      ...framing,
    });
  }

  /** Listeners hear of it once the handshake was sent. */
  #openSession(id: string, transport: PollingTransport | WebSocketTransport, request: EngineRequest): void {
    const remoteAddress = request.socket.remoteAddress ?? '';
    const kept = keptRequest(this, request);
    const session = new Session({ id, server: this, transport, request: kept, remoteAddress });
    this.clients[id] = session;
    this.clientsCount += 1;
    transport.reportsReady = true;
    session.open();
    transport.onRequest(request);
    transport.flushFrames();
    if (session.readyState === 'open') this.raise('connection', session);
  }

  #report(request: EngineRequest, { code, context }: Refusal): void {
    this.raise('connection_error', { req: request, code, message: errorMessages[code], context });
  }
}

// The request is refused or not yet a WebSocket: a peer that went away meanwhile concerns nobody.
function ignoreError(): void {}
