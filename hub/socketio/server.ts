/**
 * The Socket.IO server: owns the namespaces, and sits on an engine that brings it connections.
 */
import { createServer } from 'node:http';
import { MemoryAdapter, type Adapter } from './adapter.ts';
import { MainNamespaceEvents } from './main-namespace-events.ts';
import { ClientBundles, shippedClientPath } from './client-bundles.ts';
import { Connection } from './connection.ts';
import type { Engine, EngineSession } from './engine-session.ts';
import { DelayedActions, systemClock } from './engine/heartbeat.ts';
import { Server as EngineServer } from './engine/index.ts';
import type { ListenerErrorContext, ListenerErrorHook } from './listener-guard.ts';
import type { ExtendedError, Namespace, ServerReservedEventsMap } from './namespace.ts';
import { NamespaceTree, type NamespaceMatcher } from './namespace-tree.ts';
import {
  defaultConnectTimeoutMs,
  defaultPath,
  type AdapterConstructor,
  type HttpServerLike,
  type ServerOptions,
} from './options.ts';
import { defaultPacketLimits, type PacketLimits } from './packet-reader.ts';
import { defaultParser, type PacketEncoder, type Parser } from './parser.ts';
import { defaultRecovery, RecoveryAdapter } from './recovery.ts';
import { RandomIds } from './random-id.ts';
import type { SlowConsumerOptions } from './slow-consumers.ts';
import type { Socket } from './socket.ts';
import type { DefaultEventsMap, EventsMap, Untyped } from './typed-events.ts';

type Target = HttpServerLike | number | string;

export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Untyped,
> extends MainNamespaceEvents<
  EmitEvents,
  ServerSideEvents,
  SocketData,
  ServerReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
> {
  /** The namespace `/`, to which everything said to the server itself goes. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly opts: Partial<ServerOptions>;
  readonly _parser: Parser;
  readonly encoder: PacketEncoder;
  readonly _packetLimits: PacketLimits;
  readonly _randomIds = new RandomIds();
  /** By their delay; there are only as many as options that say one. */
  readonly #delayed = new Map<number, DelayedActions>();
  engine!: EngineServer;
  httpServer!: HttpServerLike;
  /** Errors of listeners that were caught, since the start. */
  listenerErrorCount = 0;
  _connectTimeout: number;
  readonly #tree: NamespaceTree<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  #path = defaultPath;
  #servesClient: boolean;
  #adapter: AdapterConstructor;

  constructor(options?: Partial<ServerOptions>);
  constructor(server?: Target, options?: Partial<ServerOptions>);
  constructor(server: undefined | Partial<ServerOptions> | Target, options?: Partial<ServerOptions>);
  constructor(server?: Partial<ServerOptions> | Target, options: Partial<ServerOptions> = {}) {
    super();
    const hasTarget = server !== undefined && server !== null && !isOptions(server);
    const opts: Partial<ServerOptions> = isOptions(server) ? server : options;
    this.opts = opts;
    this.path(opts.path ?? defaultPath);
    this._connectTimeout = opts.connectTimeout ?? defaultConnectTimeoutMs;
    this.#servesClient = opts.serveClient !== false;
    this._parser = opts.parser ?? defaultParser;
    this.encoder = new this._parser.Encoder();
    this._packetLimits = packetLimits(opts);
    if (opts.connectionStateRecovery) {
      opts.connectionStateRecovery = { ...defaultRecovery, ...opts.connectionStateRecovery };
    }
    opts.cleanupEmptyChildNamespaces ??= false;
    this.#adapter = opts.adapter ?? (opts.connectionStateRecovery ? RecoveryAdapter : MemoryAdapter);
    this.#tree = new NamespaceTree(this);
    this.sockets = this.#tree.of('/');
    if (hasTarget) this.attach(server);
  }

  get _opts(): Partial<ServerOptions> {
    return this.opts;
  }

  get eio(): EngineServer {
    return this.engine;
  }

  get _nsps(): Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.#tree.namespaces;
  }

  get _usesDefaultParser(): boolean {
    return this._parser === defaultParser;
  }

  protected override reach(): Adapter {
    return this.sockets.adapter;
  }

  /** The prefix of the request path. */
  path(): string;
  path(value: string): this;
  path(value?: string): this | string {
    if (value === undefined) return this.#path;
    this.#path = value.replace(/\/$/, '');
    return this;
  }

  serveClient(): boolean;
  serveClient(value: boolean): this;
  serveClient(value?: boolean): this | boolean {
    if (value === undefined) return this.#servesClient;
    this.#servesClient = value;
    return this;
  }

  /** Milliseconds a client may stay without a namespace. */
  connectTimeout(): number;
  connectTimeout(value: number): this;
  connectTimeout(value?: number): this | number {
    if (value === undefined) return this._connectTimeout;
    this._connectTimeout = value;
    return this;
  }

  /** The adapter of all namespaces; setting it replaces those there are. */
  adapter(): AdapterConstructor;
  adapter(value: AdapterConstructor): this;
  adapter(value?: AdapterConstructor): this | AdapterConstructor {
    if (value === undefined) return this.#adapter;
    this.#adapter = value;
    for (const namespace of this._nsps.values()) namespace._initAdapter();
    return this;
  }

  _makeAdapter(namespace: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>): Adapter {
    return makeAdapter(this.#adapter, namespace);
  }

  listen(server: Target, options: Partial<ServerOptions> = {}): this {
    return this.attach(server, options);
  }

  /**
   * Starts on an HTTP server, or on one made for that port; the options of the constructor win.
   * @throws {Error} a request handler was given instead of a server
   */
  attach(server: Target, options: Partial<ServerOptions> = {}): this {
    if (typeof server === 'function') {
      throw new Error(
        'You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.',
      );
    }
    const httpServer = typeof server === 'object' ? server : listenOn(Number(server));
    const merged = Object.assign(options, this.opts);
    merged.path ??= this.#path;
    const engine = new EngineServer(merged);
    engine.attach(httpServer as Untyped, { ...merged, path: merged.path });
    const folder = merged.clientPath ?? shippedClientPath();
    if (this.#servesClient && folder !== undefined) {
      new ClientBundles({ folder, path: this.#path, cors: merged.cors }).attach(httpServer);
    }
    this.httpServer = httpServer;
    return this.bind(engine);
  }

  /** Takes its connections from any engine, instead of making one. */
  bind(engine: Engine): this {
    this.engine = engine as EngineServer;
    engine.on('connection', (conn: EngineSession) => new Connection(this, conn));
    return this;
  }

  /** The namespace of that name, or the parent of all whose names match; made if need be. */
  of(
    name: string | RegExp | NamespaceMatcher,
    listener?: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const namespace = this.#tree.of(name);
    if (listener !== undefined) namespace.on('connect', listener);
    return namespace;
  }

  _findNamespace(
    name: string,
    auth: Record<string, unknown>,
    found: (namespace: Namespace<Untyped, Untyped, Untyped> | undefined) => void,
  ): void {
    this.#tree.find(name, auth, found);
  }

  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (error?: ExtendedError) => void,
    ) => unknown,
  ): this {
    this.sockets.use(middleware);
    return this;
  }

  /** What happens to the events of the namespace `/` for clients that do not keep up. */
  slowConsumers(options: SlowConsumerOptions): this {
    this.sockets.slowConsumers(options);
    return this;
  }

  /** Disconnects all clients and stops the HTTP server; its error, if any, goes to the callback. */
  async close(done?: (error?: Error) => void): Promise<void> {
    await Promise.allSettled(
      [...this._nsps.values()].map(async (namespace) => {
        for (const socket of namespace.sockets.values()) socket._onclose('server shutting down');
        await namespace.adapter.close();
      }),
    );
    this.engine?.close();
    if (this.httpServer === undefined) {
      done?.();
      return;
    }
    await new Promise<void>((resolve) => {
      this.httpServer.close((error?: Error) => {
        done?.(error);
        resolve();
      });
    });
  }

  /** Calls `fn` once after `ms`, without keeping the process alive; the returned function cancels. */
  _after(ms: number, fn: () => void): () => void {
    let actions = this.#delayed.get(ms);
    if (actions === undefined) this.#delayed.set(ms, (actions = new DelayedActions(ms, systemClock)));
    return actions.add(fn);
  }

  get _listenerErrors(): ListenerErrorHook | undefined {
    return this.opts.onListenerError === undefined ? undefined : this.#countListenerError;
  }

  readonly #countListenerError = (error: unknown, context: ListenerErrorContext): void => {
    this.listenerErrorCount += 1;
    this.opts.onListenerError?.(error, context);
  };
}

function isOptions(value: unknown): value is Partial<ServerOptions> {
  return typeof value === 'object' && value !== null && !('listen' in value);
}

function packetLimits(options: Partial<ServerOptions>): PacketLimits {
  return {
    maxAttachments: options.maxAttachments ?? defaultPacketLimits.maxAttachments,
    maxAttachmentBytes: options.maxAttachmentBytes ?? defaultPacketLimits.maxAttachmentBytes,
  };
}

/** A server that answers nothing but Socket.IO. */
function listenOn(port: number): HttpServerLike {
  const server = createServer((_request, response) => {
    response.writeHead(404).end();
  });
  server.listen(port);
  return server;
}

/** Functions made by `function` are constructors to JavaScript; the others can only be called. */
function makeAdapter(make: AdapterConstructor, namespace: unknown): Adapter {
  if (make.prototype === undefined) return (make as (nsp: unknown) => Adapter)(namespace);
  return new (make as new (nsp: unknown) => Adapter)(namespace);
}
