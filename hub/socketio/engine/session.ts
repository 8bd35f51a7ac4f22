/**
 * One client, from its handshake to its close, over whichever transport carries it at the moment.
 * Owns what waits to be sent. Its events are those of the `Socket` of npm `engine.io`.
 */
import { FloodGuard } from './flood-guard.ts';
import type { Heartbeating, DeadlineList, Scheduled } from './heartbeat.ts';
import { ObservedEmitter } from './observed-emitter.ts';
import { dataBytes, optionsForObservers, protocol } from './packet.ts';
import type { MessageData, PacketType, ReceivedPacket, SendOptions } from './packet.ts';
import { Pulse } from './pulse.ts';
import type { SessionHost, SessionOwner, SessionParts } from './session-host.ts';
import type { OutgoingPacket, SendCallback, Transport, TransportOwner } from './transport.ts';
import { UpgradeAttempt } from './upgrade.ts';
import type { WebSocketTransport } from './websocket-transport.ts';
import { WriteBuffer } from './write-buffer.ts';

export type ReadyState = 'opening' | 'open' | 'closing' | 'closed';

/** The write buffer of those that never had to wait. */
const nothing = new WriteBuffer();

export class Session extends ObservedEmitter implements TransportOwner, Heartbeating {
  readonly id: string;
  readonly server: SessionHost;
  readonly remoteAddress: string;
  request: SessionParts['request'];
  transport: Transport;
  owner: SessionOwner | undefined = undefined;
  readyState: ReadyState = 'opening';
  upgrading = false;
  upgraded = false;
  dueAtMs = 0;
  dueIn: DeadlineList | undefined = undefined;
  dueBefore: Scheduled | undefined = undefined;
  dueAfter: Scheduled | undefined = undefined;
  readonly openedAtMs: number;
  #waiting = nothing;
  readonly #pulse: Pulse;
  #closeWhenDrained = false;
  #aboveHighWater = false;
  #upgrade: UpgradeAttempt | undefined = undefined;
  readonly #flood: FloodGuard | undefined;

  constructor({ id, server, transport, request, remoteAddress }: SessionParts) {
    super();
    this.id = id;
    this.server = server;
    this.request = request;
    this.remoteAddress = remoteAddress;
    this.transport = transport;
    this.#pulse = new Pulse(server.heartbeat, this);
    this.openedAtMs = server.heartbeat.nowMs();
    this.#flood = server.opts.flood && new FloodGuard(server.opts.flood, this.openedAtMs);
    transport.adopt(this);
  }

  get protocol(): 4 {
    return protocol;
  }

  /** Packets the transport does not accept yet, oldest first. */
  get writeBuffer(): OutgoingPacket[] {
    return this.waiting.packets;
  }

  /** The write buffer with its bytes, for policies above; what a transport was handed cannot be taken back. */
  get waiting(): WriteBuffer {
    return this.#waiting === nothing ? (this.#waiting = new WriteBuffer()) : this.#waiting;
  }

  /** Callbacks of what waits in the write buffer; those of what is on its way are with the transport. */
  get packetsFn(): SendCallback[] {
    if (this.readyState === 'closed') return [];
    return this.writeBuffer.flatMap(({ callback }) => callback ?? []);
  }

  get sentCallbackFn(): readonly SendCallback[] {
    return [];
  }

  /** Bytes waiting for this client: in the write buffer, and handed over but not yet taken by the kernel. */
  get bufferedBytes(): number {
    return this.#waiting.bytes + this.transport.bufferedBytes;
  }

  /** Bytes sent of which the client has not shown that it has read them: it does with each pong. */
  get unconfirmedBytes(): number {
    return this.#pulse.unconfirmedBytes(this.transport.sentBytes + this.#waiting.bytes);
  }

  /** Milliseconds from the last ping to its pong; undefined before the first. */
  get roundTripMs(): number | undefined {
    return this.#pulse.roundTripMs;
  }

  /** How long the ping under way has waited for its pong, in milliseconds; undefined if none is. */
  get pingAgeMs(): number | undefined {
    return this.#pulse.ageMs;
  }

  /** Pings now, out of turn, to learn how far the client has read; not while a ping is under way. */
  probe(): void {
    if (this.readyState === 'open' && !this.#pulse.isAwaited) this.server.heartbeat.pingNow(this);
  }

  /** Sends the handshake; from here on the session lives. */
  open(): void {
    const { opts } = this.server;
    this.readyState = 'open';
    this.sendPacket('open', this.server.openPacketData(this));
    if (opts.initialPacket !== undefined) this.sendPacket('message', opts.initialPacket);
    this.raise('open');
    this.server.heartbeat.schedulePing(this);
  }

  /** Sends a message: text or bytes. `callback` runs once the network took it. */
  write(data: MessageData, options?: SendOptions | SendCallback, callback?: SendCallback): this {
    if (typeof options === 'function') this.sendPacket('message', data, undefined, options);
    else this.sendPacket('message', data, options, callback);
    return this;
  }

  /** The same as `write`. */
  send(data: MessageData, options?: SendOptions | SendCallback, callback?: SendCallback): this {
    return this.write(data, options, callback);
  }

  sendPacket(type: PacketType, data?: MessageData, options?: SendOptions, callback?: SendCallback): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    const isObserved = this.isObserved || this.server.isObserved;
    const packet = { type, data, options: isObserved ? optionsForObservers(options) : options, callback };
    if (!isObserved && this.#waiting.packets.length === 0 && this.transport.acceptsPackets) {
      this.transport.sendOne(packet);
      return;
    }
    this.raise('packetCreate', packet);
    this.waiting.add(packet);
    this.flush();
    this.#watchBuffer();
  }

  /** Hands the write buffer to the transport, as far as that accepts it. */
  flush(): void {
    if (this.#waiting.packets.length === 0 || this.readyState === 'closed' || !this.transport.acceptsPackets)
      return;
    const waiting = this.#waiting;
    this.raise('flush', waiting.packets);
    this.server.raise('flush', this, waiting.packets);
    this.transport.reportsReady = true;
    while (waiting.packets.length > 0 && this.transport.acceptsPackets) {
      this.transport.send(waiting.take(this.transport.packetLimit, this.transport.byteLimit));
    }
    if (waiting.packets.length > 0) return;
    this.raise('drain');
    this.server.raise('drain', this);
    if (this.#closeWhenDrained) this.#closeTransport(false);
  }

  /** Closes after what waits was sent; with `discard`, at once. */
  close(discard = false): void {
    if (discard && (this.readyState === 'open' || this.readyState === 'closing'))
      return this.#closeTransport(true);
    if (this.readyState !== 'open') return;
    this.readyState = 'closing';
    if (this.#waiting.packets.length > 0) this.#closeWhenDrained = true;
    else this.#closeTransport(false);
  }

  /** Closes a client that broke a limit: it is told the status code and the reason, and nothing more is sent. */
  cutOff(code: number, reason: string, description?: unknown): void {
    if (this.readyState === 'closed') return;
    this.transport.discard();
    this.transport.closeWith(code, reason);
    this.onClose(reason, description);
  }

  /** Probes a WebSocket, and moves to it once the client says so. */
  beginUpgrade(transport: WebSocketTransport): void {
    this.upgrading = true;
    this.#upgrade = new UpgradeAttempt(this, transport, this.server.opts.upgradeTimeout);
  }

  /** The probe is over; with a transport, that one carries the session from now on. */
  endUpgrade(transport?: WebSocketTransport): void {
    this.upgrading = false;
    this.#upgrade = undefined;
    if (transport === undefined) return;
    this.transport.discard();
    this.upgraded = true;
    this.#releaseTransport();
    this.#pulse.earlierBytes += this.transport.sentBytes;
    this.transport = transport;
    transport.adopt(this);
    this.raise('upgrade', transport);
    this.flush();
    if (this.readyState === 'closing') this.#closeTransport(false);
  }

  /** Ends the session, whatever its state. */
  onClose(reason: string, description?: unknown): void {
    if (this.readyState === 'closed') return;
    const bufferedBytes = this.bufferedBytes;
    this.readyState = 'closed';
    this.server.heartbeat.stop(this);
    this.#upgrade?.abort();
    this.#releaseTransport();
    // Listeners may still look at what was not sent.
    if (this.#waiting !== nothing) process.nextTick(() => this.waiting.clear());
    this.server.sessionClosed(this, { reason, description, bufferedBytes });
    this.owner?.onclose(reason, description);
    this.raise('close', reason, description);
  }

  onError(error: unknown): void {
    this.onClose('transport error', error);
  }

  ping(): void {
    this.#pulse.pinged(this.transport.sentBytes + this.#waiting.bytes);
    this.sendPacket('ping');
  }

  pingTimedOut(): void {
    this.onClose('ping timeout');
  }

  transportMessage(_transport: Transport, data: string | Buffer): void {
    if (this.readyState !== 'open' || this.#isFlooded(data)) return;
    if (this.listenerCount('packet') > 0) this.emit('packet', { type: 'message', data });
    this.#pulse.heard();
    this.owner?.ondata(data);
    this.raise('data', data);
    this.raise('message', data);
  }

  transportPacket(_transport: Transport, packet: ReceivedPacket): void {
    if (this.readyState !== 'open' || this.#isFlooded(packet.data)) return;
    this.raise('packet', packet);
    if (packet.type === 'ping') return this.onError(new Error('invalid heartbeat direction'));
    if (packet.type === 'pong') return this.#onPong();
    this.#pulse.heard();
  }

  transportReady(): void {
    this.flush();
    this.#watchBuffer();
  }

  transportError(_transport: Transport, error: Error): void {
    this.onError(error);
  }

  transportGarbled(_transport: Transport, reason: string, error: Error): void {
    this.raise('packet', { type: 'error', data: 'parser error' });
    this.onClose(reason, error);
  }

  transportClosed(): void {
    this.onClose('transport close');
  }

  /** An event nobody listens to costs nothing, and an `error` nobody listens to does not throw. */
  raise(event: string, ...values: unknown[]): void {
    if (this.listenerCount(event) > 0) this.emit(event, ...values);
  }

  #onPong(): void {
    this.#pulse.ponged();
    this.raise('heartbeat');
  }

  #isFlooded(data: MessageData): boolean {
    if (this.#flood === undefined) return false;
    const reason = this.#flood.objectionTo(dataBytes(data), this.server.heartbeat.nowMs());
    if (reason !== undefined) this.cutOff(1008, reason);
    return reason !== undefined;
  }

  #watchBuffer(): void {
    const { maxBufferedBytes = Infinity, highWaterBytes = Infinity, lowWaterBytes = 0 } = this.server.opts;
    if (maxBufferedBytes === Infinity && highWaterBytes === Infinity) return;
    const bytes = this.bufferedBytes;
    if (bytes > maxBufferedBytes) return this.cutOff(1013, 'slow consumer');
    if (this.#aboveHighWater ? bytes > lowWaterBytes : bytes <= highWaterBytes) return;
    this.#aboveHighWater = !this.#aboveHighWater;
    this.raise(this.#aboveHighWater ? 'highWater' : 'lowWater', bytes);
  }

  /** The transport reports no more; it closes in its own time. */
  #releaseTransport(): void {
    this.transport.owner = undefined;
    this.transport.close();
  }

  #closeTransport(discard: boolean): void {
    if (discard) this.transport.discard();
    if (this.transport.readyState !== 'open' && discard) this.onClose('forced close');
    else this.transport.close(() => this.onClose('forced close'));
  }
}
