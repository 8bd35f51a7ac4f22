/**
 * One WebSocket. Everything sent within a tick leaves in one write; while the kernel does not take it,
 * no further packet is accepted and the session keeps them.
 * Writes its own frames to the socket under `ws`; a connection `ws` has to compress with a window, and other
 * WebSocket engines, are written to by their public `send`.
 */
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { ProtocolError } from '../errors.ts';
import { compressedFrame, plainFrame, sharedFrame } from './frame.ts';
import type { Goodbyes } from './goodbyes.ts';
import { dataBytes, decodePacket, isBinary, toText, typeDigit } from './packet.ts';
import type { Packet, ReceivedPacket } from './packet.ts';
import { Transport } from './transport.ts';
import type { OutgoingPacket, SendCallback } from './transport.ts';
import type { DeflateSettings } from './web-socket-engine.ts';
import type { Flushable, WriteBatch } from './write-batch.ts';

/** More than this is not held back until the end of the tick. */
const batchBytes = 64 * 1024;
const messageDigit = 0x34;
const pingFrame = plainFrame({ type: 'ping' });

const transportOf = Symbol('the transport of a WebSocket');

/** The parts of `ws` that are not in its types; absent in other engines. */
type LinkedWebSocket = WebSocket & { [transportOf]?: WebSocketTransport; _socket?: Socket };

interface AwaitedCallback {
  readonly flush: number;
  readonly callback: SendCallback;
}

export interface WebSocketParts {
  readonly webSocket: WebSocket;
  readonly batch: WriteBatch;
  readonly goodbyes: Goodbyes;
  /** How to compress; undefined if the extension was not negotiated. */
  readonly deflate: DeflateSettings | undefined;
  /** Leave all framing to the WebSocket engine. */
  readonly throughLibrary: boolean;
}

export class WebSocketTransport extends Transport implements Flushable {
  readonly socket: WebSocket;
  readonly #batch: WriteBatch;
  readonly #goodbyes: Goodbyes;
  readonly #deflate: DeflateSettings | undefined;
  readonly #net: Socket | undefined;
  #frames: Buffer[] | undefined = undefined;
  #frameBytes = 0;
  #flushesBegun = 0;
  #flushesTaken = 0;
  #awaited: AwaitedCallback[] | undefined = undefined;
  #onTaken: ((error?: Error | null) => void) | undefined = undefined;

  constructor({ webSocket, batch, goodbyes, deflate, throughLibrary }: WebSocketParts) {
    super();
    const linked: LinkedWebSocket = webSocket;
    this.socket = webSocket;
    this.writable = true;
    this.#batch = batch;
    this.#goodbyes = goodbyes;
    this.#deflate = deflate;
    this.#net = throughLibrary ? undefined : linked._socket;
    linked[transportOf] = this;
    linked.on('message', onMessage);
    linked.on('close', onClose);
    linked.on('error', onError);
  }

  get name(): 'websocket' {
    return 'websocket';
  }

  get acceptsPackets(): boolean {
    if (this.#net === undefined) return this.writable;
    // What was begun in this tick goes on: asking the socket costs more than the packet.
    if (this.#frames !== undefined) return this.readyState === 'open';
    return this.readyState === 'open' && (this.#net.writableLength === 0 || this.#net.writableCorked > 0);
  }

  get packetLimit(): number {
    return Infinity;
  }

  /** Not all at once: what is still with the session can be dropped there, what is here cannot. */
  get byteLimit(): number {
    return batchBytes;
  }

  get bufferedBytes(): number {
    return this.#frameBytes + this.socket.bufferedAmount;
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
    if (frames === undefined || this.#net === undefined) return;
    const bytes = this.#frameBytes;
    this.#frames = undefined;
    this.#frameBytes = 0;
    this.#flushesBegun += 1;
    this.#onTaken ??= (error) => this.#taken(error);
    const [first] = frames;
    if (frames.length === 1 && first !== undefined) this.#net.write(first, this.#onTaken);
    else if (bytes <= batchBytes) this.#net.write(this.#batch.join(frames), this.#onTaken);
    else this.#writeApart(this.#net, frames);
  }

  /** Large frames are not worth a copy. */
  #writeApart(net: Socket, frames: readonly Buffer[]): void {
    const last = frames.length - 1;
    net.cork();
    frames.forEach((frame, index) => net.write(frame, index === last ? this.#onTaken : undefined));
    net.uncork();
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
    this.#collect(this.#frameOf(packet));
    if (packet.callback !== undefined) this.#await(packet.callback);
  }

  #collect(frame: Buffer): void {
    this.sentBytes += frame.length;
    this.#frameBytes += frame.length;
    if (this.#frames === undefined) {
      this.#frames = [frame];
      this.#batch.add(this);
    } else {
      this.#frames.push(frame);
    }
    if (this.#frameBytes >= batchBytes) this.flushFrames();
  }

  #frameOf(packet: Packet): Buffer {
    const deflate = this.#deflate;
    if (packet.type === 'ping' && packet.data === undefined) return pingFrame;
    if (deflate === undefined || packet.options?.compress === false)
      return sharedFrame(packet, false, plainFrame);
    return sharedFrame(packet, true, (each) => compressedFrame(each, deflate.thresholdBytes, deflate.zlib));
  }

  #sendThroughLibrary(packets: readonly OutgoingPacket[]): void {
    this.#flushesBegun += 1;
    const onTaken = (this.#onTaken ??= (error) => this.#taken(error));
    const last = packets.length - 1;
    packets.forEach((packet, index) => {
      if (packet.callback !== undefined) this.#await(packet.callback);
      this.sentBytes += dataBytes(packet.data);
      const data = isBinary(packet.data) ? packet.data : typeDigit(packet.type) + toText(packet.data);
      const compress = packet.options?.compress !== false;
      this.socket.send(data, { compress }, index === last ? onTaken : undefined);
    });
  }

  #await(callback: SendCallback): void {
    const flush = this.#frames === undefined ? this.#flushesBegun : this.#flushesBegun + 1;
    (this.#awaited ??= []).push({ flush, callback });
  }

  /** The kernel took everything of one flush. */
  #taken(error?: Error | null): void {
    this.#flushesTaken += 1;
    if (error) {
      if (this.readyState === 'open') this.fail('write error', error.message);
      return;
    }
    this.#runCallbacks();
    const idle = this.#flushesTaken === this.#flushesBegun && this.#frames === undefined;
    if (!idle || this.readyState !== 'open') return;
    this.writable = true;
    if (this.isObserved) this.raise('drain');
    this.becomeReady();
  }

  #runCallbacks(): void {
    while (this.#awaited !== undefined) {
      const [next] = this.#awaited;
      if (next === undefined || next.flush > this.#flushesTaken) break;
      this.#awaited.shift();
      next.callback(this);
    }
    if (this.#awaited?.length === 0) this.#awaited = undefined;
  }

  /** One message of the peer. */
  onData(data: Buffer, binary: boolean): void {
    if (binary) return this.receiveMessage(data);
    if (data[0] === messageDigit) return this.receiveMessage(data.toString('utf8', 1));
    const packet = decodeOrError(data.toString());
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
