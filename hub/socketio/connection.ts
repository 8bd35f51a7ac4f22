/**
 * One Engine.IO session and the namespaces its client has joined: reads packets and hands them to the right socket.
 * Spec: Socket.IO protocol v5, "Packet encoding", "Connection to a namespace". Socket.IO's own name for it is Client.
 */
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { WriteOptions } from './adapter.ts';
import type { EngineSession } from './engine-session.ts';
import { noAuth } from './handshake.ts';
import { JoinedSockets } from './joined-sockets.ts';
import { PacketType, type Encoded, type Packet } from './packet.ts';
import { PacedIntake, type Pace } from './paced-intake.ts';
import { PacketReader } from './packet-reader.ts';
import type { PacketDecoder } from './parser.ts';
import type { Server } from './server.ts';
import { countDrop, makeWay } from './slow-consumers.ts';
import type { Socket } from './socket.ts';
import type { DisconnectReason } from './socket-listeners.ts';
import { Ticks } from './ticks.ts';
import type { Untyped } from './typed-events.ts';

type AnySocket = Socket<Untyped, Untyped, Untyped>;
type AnyServer = Server<Untyped, Untyped, Untyped>;

type Auth = Record<string, unknown>;

/** A namespace being joined: what the client showed, and what with its last CONNECT since. */
interface Join {
  readonly auth: Auth;
  newest: Auth;
}

export class Connection {
  readonly conn: EngineSession;
  readonly id: string;
  readonly server: AnyServer;
  /** Packets that were not sent because the client did not keep up. */
  droppedPackets = 0;
  readonly #sockets = new JoinedSockets<AnySocket>();
  /** Namespaces whose middlewares have not decided yet. */
  #joining: Map<string, Join> | undefined;
  readonly #reader: PacketReader | undefined;
  readonly #decoder: PacketDecoder | undefined;
  #cancelConnectTimeout: (() => void) | undefined;
  #cancelAttachmentsTimeout: (() => void) | undefined;
  #unlisten: (() => void) | undefined;
  #ticks: Ticks | undefined;
  #intake: PacedIntake | undefined = undefined;
  #refusals = 0;
  #isOver = false;

  constructor(server: AnyServer, conn: EngineSession) {
    this.server = server;
    this.conn = conn;
    this.id = conn.id;
    if (server._usesDefaultParser) {
      this.#reader = new PacketReader(server._packetLimits);
    } else {
      this.#decoder = new server._parser.Decoder();
      this.#decoder.on('decoded', (packet) => this.#onPacket(packet));
    }
    if ('owner' in conn && conn.owner === undefined) conn.owner = this;
    else this.#unlisten = listenTo(conn, this);
    this.#cancelConnectTimeout = server._after(server._connectTimeout, () => {
      if (this.#sockets.size === 0) this.#close();
    });
  }

  get request(): IncomingMessage {
    return this.conn.request;
  }

  get bufferedBytes(): number {
    return this.conn.bufferedBytes ?? 0;
  }

  /** What its packets are handed on by. */
  get _ticks(): Ticks {
    return (this.#ticks ??= new Ticks());
  }

  /** Encodes a packet and sends it, unless the connection is closing. */
  _packet(packet: Packet, options: WriteOptions): void {
    if (this.conn.readyState !== 'open') return;
    this.writeToEngine(this.server.encoder.encode(packet), options);
  }

  /** Sends the frames of one packet; both arguments may be shared by all receivers of a broadcast. */
  writeToEngine(encoded: Encoded, options: WriteOptions): void {
    if (options.volatile === true && !this.#isReady()) {
      countDrop(this, options.backlog);
      return;
    }
    if (options.backlog !== undefined && !makeWay(this, options.backlog, encoded, options)) return;
    // By index: nearly always it is one.
    for (let index = 0; index < encoded.length; index += 1)
      this.conn.write(encoded[index] as Encoded[number], options);
  }

  /** Whether a volatile packet is worth sending now. */
  #isReady(): boolean {
    const limit = this.server.opts.volatileMaxBufferedBytes;
    if (limit === undefined || this.conn.bufferedBytes === undefined) return this.conn.transport.writable;
    return this.conn.bufferedBytes <= limit;
  }

  /** Disconnects from all namespaces and closes the connection. */
  _disconnect(): void {
    for (const socket of this.#sockets.all()) socket.disconnect();
    this.#close();
  }

  _remove(socket: AnySocket): void {
    this.#sockets.delete(socket);
  }

  /** A newer connection of the same client has replaced this one, whose peer is gone. */
  _takeOver(): void {
    this.onclose('transport close', undefined);
    this.conn.close(true);
  }

  /** The peer went too far: its sockets are told why, then the connection is closed. */
  violated(error: Error): void {
    for (const socket of this.#sockets.all()) socket._onerror(error);
    this.conn.close();
  }

  /** From now on what comes is read in turns; order stays, and heartbeats do not wait. */
  pace(pace: Pace): void {
    this.#intake ??= new PacedIntake(pace, (frame) => {
      this.#read(frame);
      this._ticks.runNow();
    });
  }

  /** Takes a frame of the engine. Also called by programs that feed a client themselves. */
  ondata(data: unknown): void {
    if (this.#intake === undefined) this.#read(data);
    else this.#intake.add(data);
  }

  #read(data: unknown): void {
    try {
      if (this.#reader === undefined) {
        this.#decoder?.add(data);
        return;
      }
      const packet = this.#reader.read(data);
      if (packet !== undefined) this.#onPacket(packet);
      if (packet === undefined || this.#cancelAttachmentsTimeout !== undefined) this.#watchAttachments();
    } catch (error) {
      this.violated(error as Error);
    }
  }

  /** Attachments that were announced have to come in time. */
  #watchAttachments(): void {
    const { attachmentsTimeout } = this.server.opts;
    if (attachmentsTimeout === undefined) return;
    if (this.#reader?.isIncomplete !== true) {
      this.#cancelAttachmentsTimeout?.();
      this.#cancelAttachmentsTimeout = undefined;
      return;
    }
    this.#cancelAttachmentsTimeout ??= this.server._after(attachmentsTimeout, () =>
      this.violated(new Error('attachments did not come in time')),
    );
  }

  #onPacket(packet: Packet): void {
    const socket = this.#sockets.get(packet.nsp);
    if (packet.type === PacketType.connect) {
      if (socket !== undefined) this.#close();
      else this.#onConnect(packet.nsp, (packet.data ?? noAuth) as Auth);
      return;
    }
    if (socket === undefined || packet.type === PacketType.connectError) {
      this.#close();
      return;
    }
    this._ticks.add(handOver, socket, packet);
  }

  #onConnect(name: string, auth: Auth): void {
    const undecided = this.#joining?.get(name);
    // The official client asks twice if its user calls connect() again: one answer is enough.
    if (undecided === undefined) this.#join(name, auth);
    else undecided.newest = auth;
  }

  #join(name: string, auth: Auth): void {
    const { maxNamespaces } = this.server.opts;
    if (maxNamespaces !== undefined && this.#sockets.size + (this.#joining?.size ?? 0) >= maxNamespaces) {
      this.violated(new Error('too many namespaces'));
      return;
    }
    (this.#joining ??= new Map()).set(name, { auth, newest: auth });
    this.server._findNamespace(name, auth, (namespace) => {
      if (namespace === undefined) {
        this._packet(
          { type: PacketType.connectError, nsp: name, data: { message: 'Invalid namespace' } },
          {},
        );
        this.#refused(name);
        return;
      }
      namespace._add(
        this,
        auth,
        (socket) => this.#joined(name, socket),
        () => this.#refused(name),
      );
    });
  }

  #refused(name: string): void {
    const join = this.#joining?.get(name);
    this.#joining?.delete(name);
    this.#refusals += 1;
    if (this.#refusals === this.server.opts.maxRefusals)
      this.violated(new Error('too many refused connects'));
    // It asked again meanwhile, with something else to show.
    else if (join !== undefined && !isDeepStrictEqual(join.auth, join.newest) && !this.#isOver)
      this.#join(name, join.newest);
  }

  #joined(name: string, socket: AnySocket): void {
    this.#joining?.delete(name);
    if (this.#joining?.size === 0) this.#joining = undefined;
    this.#sockets.add(socket);
    this.#cancelConnectTimeout?.();
    this.#cancelConnectTimeout = undefined;
  }

  #close(): void {
    if (this.conn.readyState !== 'open') return;
    this.conn.close();
    this.onclose('forced server close', undefined);
  }

  /** The engine session has ended; each socket hears why. */
  onclose(reason: string, description: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#intake?.close();
    if (this.conn.owner === this) this.conn.owner = undefined;
    this.#unlisten?.();
    this.#cancelConnectTimeout?.();
    this.#cancelAttachmentsTimeout?.();
    for (const socket of this.#sockets.all()) socket._onclose(reason as DisconnectReason, description);
    this.#reader?.reset();
    this.#decoder?.destroy();
  }
}

/** For engines of others. @returns a function that ends it */
function listenTo(conn: EngineSession, connection: Connection): () => void {
  const listeners = {
    data: (data: unknown) => connection.ondata(data),
    error: (error: Error) => connection.violated(error),
    close: (reason: string, description: unknown) => connection.onclose(reason, description),
  };
  for (const [name, listener] of Object.entries(listeners)) conn.on(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) conn.removeListener(name, listener);
  };
}

/** A plain function: no closure for each packet. */
function handOver(socket: AnySocket, packet: Packet): void {
  socket._onpacket(packet);
}
