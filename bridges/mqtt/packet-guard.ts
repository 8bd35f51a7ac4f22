/**
 * Stands between a socket and the embedded broker, which has no maximum packet size, checks little of what packets
 * hold, and waits for subscribers that do not read. Only complete, checked packets pass; a packet that announces too
 * much is refused at its length byte; nothing after CONNECT is looked at before the client is admitted; a subscriber
 * that does not read is closed instead of waited for.
 * Spec: MQTT 3.1.1, §2.2 (fixed header). Knows no topics, no rights, no telemetry.
 */
import { Duplex } from 'node:stream';
import type { Clock } from '#ports';
import { checkPacket, PacketType, type Violation } from './packet-checks.ts';
import { PublishReader, type InboundPacket } from './publish-packet.ts';

export interface GuardLimits {
  readonly beforeConnackBytes: number;
  readonly packetBytes: number;
  /** What a subscriber may leave unread before it is closed. */
  readonly unreadBytes: number;
  readonly connectDeadlineMs: number;
}

/** A TCP or TLS socket, or a stream over a WebSocket, which has no `destroySoon`. */
export type GuardedSocket = Duplex & { destroySoon?(): void };

export interface GuardOptions {
  readonly socket: GuardedSocket;
  readonly limits: GuardLimits;
  readonly clock: Clock;
  readonly onViolation: (violation: Violation) => void;
  /** The client sent so many bytes behind a CONNECT that was not accepted: nobody looks at them. */
  readonly onUnread: (bytes: number) => void;
  /** Takes QoS 0 and 1 messages: the broker does not see them. */
  readonly onPublish: (packet: InboundPacket) => void;
  /** Complete packets came. */
  readonly onPackets: () => void;
}

/** CONNACK with return code 2, "identifier rejected". */
const identifierRejected = Buffer.from([0x20, 0x02, 0x00, 0x02]);
const maxLengthBytes = 4;
const readAheadBytes = 64 * 1024;
/** How long a closing socket may take to send what was written to it. */
const lastWordsMs = 1000;

export class PacketGuard {
  /** What the broker reads from and writes to instead of the socket. */
  readonly stream: Duplex;
  readonly #socket: GuardedSocket;
  readonly #limits: GuardLimits;
  readonly #clock: Clock;
  readonly #onViolation: (violation: Violation) => void;
  readonly #onUnread: (bytes: number) => void;
  readonly #onPublish: (packet: InboundPacket) => void;
  readonly #onPackets: () => void;
  readonly #publishes = new PublishReader();
  readonly #cancelDeadline: () => void;
  #phase: 'expecting-connect' | 'deciding' | 'admitted' | 'closed' = 'expecting-connect';
  /** Bytes of one packet that has not arrived completely; bounded by the packet limit. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** How many bytes the pending packet needs before it is worth looking at it again. */
  #neededBytes = 2;
  /** The message that was just read and does not go to the broker. */
  #taken: InboundPacket | undefined;
  /** Who does not want more now: the broker, the lane of messages. */
  #isBrokerFull = false;
  #isLaneFull = false;

  constructor({ socket, limits, clock, onViolation, onUnread, onPublish, onPackets }: GuardOptions) {
    this.#socket = socket;
    this.#limits = limits;
    this.#clock = clock;
    this.#onViolation = onViolation;
    this.#onUnread = onUnread;
    this.#onPublish = onPublish;
    this.#onPackets = onPackets;
    this.stream = this.#makeStream();
    this.#cancelDeadline = clock.after(limits.connectDeadlineMs, () => this.#violate('connect-deadline'));
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.stream.push(null));
    socket.on('error', (error) => this.stream.destroy(error));
    socket.on('close', () => this.stream.destroy());
  }

  /** The broker said yes: what the client sent after CONNECT is read now. */
  admit(): void {
    if (this.#phase !== 'deciding') return;
    this.#phase = 'admitted';
    this.#cancelDeadline();
    this.#neededBytes = 2;
    this.#receive(Buffer.alloc(0));
    this.#resume();
  }

  /** Nothing more is read until `resume`; what was read already still comes. */
  pause(): void {
    this.#isLaneFull = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isLaneFull = false;
    this.#resume();
  }

  /** To the client, beside what the broker writes. */
  write(bytes: Buffer): void {
    if (this.#phase !== 'closed') this.#send([bytes]);
  }

  get #isClosed(): boolean {
    return this.#phase === 'closed';
  }

  #resume(): void {
    if (this.#phase !== 'deciding' && !this.#isBrokerFull && !this.#isLaneFull) this.#socket.resume();
  }

  #makeStream(): Duplex {
    return new Duplex({
      read: () => {
        this.#isBrokerFull = false;
        this.#resume();
      },
      // Done at once: whoever does not read is closed, so the broker never waits for one subscriber.
      write: (chunk: Buffer, _encoding, done) => {
        this.#send([chunk]);
        done();
      },
      writev: (chunks, done) => {
        this.#send(chunks.map(({ chunk }) => chunk as Buffer));
        done();
      },
      final: (done) => {
        this.#socket.end();
        done();
      },
      destroy: (error, done) => {
        this.#close();
        done(error);
      },
      readableHighWaterMark: readAheadBytes,
      writableHighWaterMark: this.#limits.unreadBytes,
    });
  }

  #close(): void {
    if (this.#isClosed) return;
    if (this.#phase === 'deciding' && this.#pendingBytes > 0) this.#onUnread(this.#pendingBytes);
    this.#phase = 'closed';
    this.#cancelDeadline();
    this.#pending = [];
    this.#pendingBytes = 0;
    if (this.#socket.destroySoon === undefined) this.#socket.end();
    else this.#socket.destroySoon();
    if (!this.#socket.destroyed) this.#clock.after(lastWordsMs, () => this.#socket.destroy());
  }

  #send(chunks: readonly Buffer[]): void {
    if (chunks.length > 1) this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    if (chunks.length > 1) this.#socket.uncork();
    if (this.#socket.writableLength > this.#limits.unreadBytes) this.#violate('slow-subscriber');
  }

  #violate(violation: Violation): void {
    if (this.#phase === 'closed') return;
    if (violation === 'bad-client-id') this.#socket.write(identifierRejected);
    this.#close();
    this.#onViolation(violation);
    if (violation === 'slow-subscriber') this.#socket.destroy();
    this.stream.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#phase === 'closed') return;
    const bytes = this.#join(chunk);
    if (bytes === undefined) return;
    const end = this.#passPackets(bytes);
    if (end === undefined) return;
    if (end < bytes.length) {
      // A small rest of a large chunk must not keep the chunk in memory.
      this.#pending = [Buffer.from(bytes.subarray(end))];
      this.#pendingBytes = bytes.length - end;
    }
  }

  /** Undefined while the pending packet is not complete. */
  #join(chunk: Buffer): Buffer | undefined {
    if (this.#phase === 'deciding') this.#neededBytes = Number.POSITIVE_INFINITY;
    if (this.#pendingBytes === 0 && chunk.length >= this.#neededBytes) return chunk;
    if (chunk.length > 0) this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#neededBytes) return undefined;
    const bytes = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#neededBytes = 2;
    return bytes;
  }

  /** Hands all complete packets on. @returns where the incomplete rest begins; undefined after a violation */
  #passPackets(bytes: Buffer): number | undefined {
    let at = 0;
    // What is not taken out in between goes on in one piece.
    let from = 0;
    while (at < bytes.length && this.#phase !== 'deciding') {
      const next = this.#checkOne(bytes, at);
      if (next === undefined) return undefined;
      if (next === at) break;
      if (this.#taken !== undefined) {
        this.#handOn(bytes, from, at);
        from = next;
        const taken = this.#taken;
        this.#taken = undefined;
        this.#onPublish(taken);
        // It may have been the reason to close.
        if (this.#isClosed) return undefined;
      }
      at = next;
    }
    this.#handOn(bytes, from, at);
    if (at > 0) this.#onPackets();
    if (this.#phase === 'deciding') this.#socket.pause();
    return at;
  }

  #handOn(bytes: Buffer, from: number, to: number): void {
    if (to === from || this.stream.push(bytes.subarray(from, to))) return;
    this.#isBrokerFull = true;
    this.#socket.pause();
  }

  /** @returns the end of the packet at `at`; `at` itself if it is incomplete; undefined after a violation */
  #checkOne(bytes: Buffer, at: number): number | undefined {
    const header = bytes[at] ?? 0;
    const type = header >> 4;
    const expectsConnect = this.#phase === 'expecting-connect';
    if (expectsConnect !== (type === PacketType.connect))
      return this.#refuse(expectsConnect ? 'not-connect-first' : 'second-connect');
    const lengthEnd = endOfLength(bytes, at + 1);
    if (lengthEnd === malformed) return this.#refuse('malformed');
    if (lengthEnd === incomplete) return this.#waitFor(bytes.length - at + 1, at);
    const length = readLength(bytes, at + 1, lengthEnd);
    const maxBytes = expectsConnect ? this.#limits.beforeConnackBytes : this.#limits.packetBytes;
    if (length > maxBytes) return this.#refuse('packet-too-large');
    const end = lengthEnd + length;
    if (end > bytes.length) return this.#waitFor(end - at, at);
    const violation =
      type === PacketType.publish
        ? this.#readPublish(header, bytes, lengthEnd, end)
        : checkPacket(header, bytes.subarray(lengthEnd, end));
    if (violation !== undefined) return this.#refuse(violation);
    if (expectsConnect) this.#phase = 'deciding';
    return end;
  }

  #readPublish(header: number, bytes: Buffer, start: number, end: number): Violation | undefined {
    const read = this.#publishes.read(header, bytes, { start, end });
    if (typeof read === 'string') return read;
    // The broker keeps the state that QoS 2 needs.
    if (read.qos < 2) this.#taken = read;
    return undefined;
  }

  #waitFor(bytes: number, at: number): number {
    this.#neededBytes = bytes;
    return at;
  }

  #refuse(violation: Violation): undefined {
    this.#violate(violation);
  }
}

const incomplete = -1;
const malformed = -2;

/** The remaining length is up to four bytes, §2.2.3. @returns where it ends */
function endOfLength(bytes: Buffer, at: number): number {
  for (let index = at; index < at + maxLengthBytes; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) return incomplete;
    if (byte < 0x80) return index + 1;
  }
  return malformed;
}

/** Seven bits of each byte, the lowest first. */
function readLength(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let index = end - 1; index >= start; index -= 1) value = value * 128 + ((bytes[index] ?? 0) & 0x7f);
  return value;
}
