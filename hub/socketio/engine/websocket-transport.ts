/**
 * One WebSocket. Everything sent within a tick leaves in one write; while the kernel does not take it,
 * no further packet is accepted and the session keeps them.
 * Writes its own frames to the socket under `ws`; a connection `ws` has to compress with a window, and other
 * WebSocket engines, are written to by their public `send`.
 */
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { ProtocolError } from '../errors.ts';
import { AwaitedCallbacks } from './awaited-callbacks.ts';
import { compressedFrame, isShared, plainFrame, sharedFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Goodbyes } from './goodbyes.ts';
import { dataBytes, decodePacket, isBinary, toText, typeDigit } from './packet.ts';
import type { ReceivedPacket } from './packet.ts';
import { receiveQuickly } from './quick-receive.ts';
import type { FrameReader } from './quick-receive.ts';
import { Transport } from './transport.ts';
import type { OutgoingPacket, SendCallback } from './transport.ts';
import type { DeflateSettings } from './web-socket-engine.ts';
import { batchBytes, FrameChain } from './write-batch.ts';
import type { Flushable, WriteBatch } from './write-batch.ts';

const messageDigit = 0x34;
const pingFrame = plainFrame({ type: 'ping' });

const transportOf = Symbol('the transport of a WebSocket');

/** The parts of `ws` that are not in its types; absent in other engines. */
type LinkedWebSocket = WebSocket & { [transportOf]?: WebSocketTransport; _socket?: Socket };

export interface WebSocketParts {
  readonly webSocket: WebSocket;
  readonly batch: WriteBatch;
  readonly goodbyes: Goodbyes;
  /** How to compress; undefined if the extension was not negotiated. */
  readonly deflate: DeflateSettings | undefined;
  /** Leave all framing to the WebSocket engine. */
  readonly throughLibrary: boolean;
  /** The answer to the upgrade, if it was not written yet: it goes before the first frames, once they are flushed. */
  readonly answer: string | undefined;
}

export class WebSocketTransport extends Transport implements Flushable, FrameReader {
  readonly socket: WebSocket;
  readonly #batch: WriteBatch;
  readonly #goodbyes: Goodbyes;
  readonly #deflate: DeflateSettings | undefined;
  readonly #net: Socket | undefined;
  #frames: FrameChain | undefined;
  /** The kernel has not taken the last write yet. */
  #isBlocked = false;
  /** It did not at once, the last time: over TLS it never does. */
  #isSlow = false;
  #flushesBegun = 0;
  #flushesTaken = 0;
  #awaited: AwaitedCallbacks | undefined = undefined;
  #onTaken: ((error?: Error | null) => void) | undefined = undefined;

  constructor({ webSocket, batch, goodbyes, deflate, throughLibrary, answer }: WebSocketParts) {
    super();
    const linked: LinkedWebSocket = webSocket;
    this.socket = webSocket;
    this.writable = true;
    this.#batch = batch;
    this.#goodbyes = goodbyes;
    this.#deflate = deflate;
    this.#net = throughLibrary ? undefined : linked._socket;
    this.#frames = answer === undefined ? undefined : new FrameChain(answer);
    linked[transportOf] = this;
    linked.on('message', onMessage);
    linked.on('close', onClose);
    linked.on('error', onError);
    if (!throughLibrary) receiveQuickly(this);
  }

  get name(): 'websocket' {
    return 'websocket';
  }

  get acceptsPackets(): boolean {
    if (this.#net === undefined) return this.writable;
    return !this.#isBlocked && this.readyState === 'open';
  }

  get packetLimit(): number {
    return Infinity;
  }

  /** Not all at once: what is still with the session can be dropped there, what is here cannot. */
  get byteLimit(): number {
    return batchBytes;
  }

  get bufferedBytes(): number {
    const collected = this.#frames === undefined ? 0 : this.#frames.bytes;
    return this.#isBlocked || this.#net === undefined ? collected + this.socket.bufferedAmount : collected;
  }

  onRequest(): void {
    // Everything arrives as frames: the request it began with says no more.
  }

  send(packets: readonly OutgoingPacket[]): void {
    this.writable = false;
    if (this.#net === undefined) return this.#sendThroughLibrary(packets);
    for (const packet of packets) this.#sendFrame(packet);
  }

  override sendOne(packet: OutgoingPacket): void {
    if (this.#net === undefined) return this.send([packet]);
    this.writable = false;
    this.#sendFrame(packet);
  }

  flushFrames(): void {
    const frames = this.#frames;
    const net = this.#net;
    if (frames === undefined || net === undefined) return;
    this.#frames = undefined;
    const hasToTell = this.#isSlow || this.reportsReady || this.isObserved || this.#awaited !== undefined;
    frames.writeTo(net, hasToTell ? this.#nextTaken() : undefined);
    // Nearly always the kernel takes it at once.
    const isTaken = net.writableLength === 0 && net.errored === null;
    this.#isSlow = this.#isBlocked = !isTaken;
    if (hasToTell) return;
    if (isTaken) this.writable = this.readyState === 'open';
    // An empty write behind the others says when the kernel has them, or why it never will.
    else net.write('', this.#nextTaken());
  }

  /** To be called once the kernel took one flush more. */
  #nextTaken(): (error?: Error | null) => void {
    this.#flushesBegun += 1;
    this.#onTaken ??= (error) => this.#taken(error);
    return this.#onTaken;
  }

  /** Closes with a status of our own, for peers that broke a limit. */
  override closeWith(code: number, reason: string): void {
    if (this.readyState !== 'open') return;
    this.readyState = 'closing';
    this.flushFrames();
    this.#sayGoodbye(code, reason);
  }

  protected doClose(onClosed?: () => void): void {
    this.flushFrames();
    this.#sayGoodbye();
    onClosed?.();
  }

  #sayGoodbye(code?: number, reason?: string): void {
    this.socket.close(code, reason);
    this.#goodbyes.said(this.socket);
  }

  #sendFrame(packet: OutgoingPacket): void {
    const { options, callback } = packet;
    if (callback !== undefined) this.#await(callback, this.#flushesBegun + 1);
    const frame = this.#frameOf(packet);
    // Pings are alike, and those who are sent the same are asked at the same time.
    this.#collect(frame, frame === pingFrame || (options !== undefined && isShared(options)));
  }

  #collect(frame: Frame, isForMany: boolean): void {
    this.sentBytes += frame.length;
    const before = this.#frames;
    if (before === undefined) {
      this.#frames = isForMany ? this.#batch.beginShared(frame) : new FrameChain(frame);
      this.#batch.add(this);
    } else {
      this.#frames = isForMany ? before.followedByShared(frame) : before.followedBy(frame);
    }
    if (this.#frames.bytes >= batchBytes) this.flushFrames();
  }

  #frameOf(packet: OutgoingPacket): Frame {
    const deflate = this.#deflate;
    if (packet.type === 'ping' && packet.data === undefined) return pingFrame;
    if (deflate === undefined || packet.options?.compress === false)
      return sharedFrame(packet, false, plainFrame);
    return sharedFrame(packet, true, (each) => compressedFrame(each, deflate.thresholdBytes, deflate.zlib));
  }

  #sendThroughLibrary(packets: readonly OutgoingPacket[]): void {
    const onTaken = this.#nextTaken();
    const last = packets.length - 1;
    packets.forEach((packet, index) => {
      if (packet.callback !== undefined) this.#await(packet.callback, this.#flushesBegun);
      this.sentBytes += dataBytes(packet.data);
      const data = isBinary(packet.data) ? packet.data : typeDigit(packet.type) + toText(packet.data);
      const compress = packet.options?.compress !== false;
      this.socket.send(data, { compress }, index === last ? onTaken : undefined);
    });
  }

  #await(callback: SendCallback, flush: number): void {
    (this.#awaited ??= new AwaitedCallbacks()).add(flush, callback);
  }

  /** The kernel took everything of one flush. */
  #taken(error?: Error | null): void {
    this.#flushesTaken += 1;
    if (error) {
      if (this.readyState === 'open') this.fail('write error', error.message);
      return;
    }
    this.#awaited?.run(this.#flushesTaken, this);
    if (this.#awaited?.isEmpty === true) this.#awaited = undefined;
    const idle = this.#flushesTaken === this.#flushesBegun && this.#frames === undefined;
    if (!idle) return;
    this.#isBlocked = false;
    if (this.readyState !== 'open') return;
    this.writable = true;
    this.reportsReady = false;
    if (this.isObserved) this.raise('drain');
    this.becomeReady();
  }

  /** One message of the peer, as `ws` read it. */
  onData(data: Buffer, binary: boolean): void {
    if (binary) this.receiveMessage(data);
    else if (data[0] === messageDigit) this.receiveMessage(data.toString('utf8', 1));
    else this.onText(data.toString());
  }

  onMessage(data: string | Buffer): void {
    this.receiveMessage(data);
  }

  onText(text: string): void {
    const packet = decodeOrError(text);
    if (packet instanceof ProtocolError) return this.receiveGarbage(packet);
    this.receive(packet);
    // The peer takes its leave: there is nothing to wait a ping timeout for.
    if (packet.type === 'close') this.#onGoodbye();
  }

  #onGoodbye(): void {
    this.socket.close();
    this.becomeClosed();
  }

  onSocketClosed(): void {
    this.#goodbyes.answered(this.socket);
    this.becomeClosed();
  }

  onSocketError(error: Error): void {
    this.fail(String(error), error);
  }
}

function decodeOrError(text: string): ReceivedPacket | ProtocolError {
  try {
    return decodePacket(text);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

// One function of each kind for all connections: what they belong to hangs on the WebSocket.
function onMessage(this: LinkedWebSocket, data: RawData, binary: boolean): void {
  this[transportOf]?.onData(asBuffer(data), binary);
}

function onClose(this: LinkedWebSocket): void {
  this[transportOf]?.onSocketClosed();
}

function onError(this: LinkedWebSocket, error: Error): void {
  this[transportOf]?.onSocketError(error);
}
