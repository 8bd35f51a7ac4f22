/**
 * What carries the packets of one session: HTTP long-polling or a WebSocket.
 * A transport reports to one owner (the session, or the upgrade that probes it); its events are for observers
 * and are raised only if somebody listens.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { ProtocolError } from '../errors.ts';
import { ObservedEmitter } from './observed-emitter.ts';
import { protocol } from './packet.ts';
import type { Packet, ReceivedPacket } from './packet.ts';

export type TransportName = 'polling' | 'websocket';

/** A handshake or polling request, its query parsed. */
export type EngineRequest = IncomingMessage & {
  _query: Record<string, string>;
  res?: ServerResponse | null;
  websocket?: WebSocket;
};

/** Called once the packet was handed to the network; says which transport took it. */
export type SendCallback = (transport: Transport) => void;

/** A packet on its way out. The callback runs once the network took it, never if it did not. */
export interface OutgoingPacket extends Packet {
  readonly callback?: SendCallback | undefined;
}

export interface TransportOwner {
  /** A text or binary message; the most frequent packet has a door of its own. */
  transportMessage(transport: Transport, data: string | Buffer): void;
  transportPacket(transport: Transport, packet: ReceivedPacket): void;
  /** It can take packets again. */
  transportReady(transport: Transport): void;
  transportError(transport: Transport, error: Error): void;
  /** The peer sent what cannot be read; the transport is still open. */
  transportGarbled(transport: Transport, reason: string, error: Error): void;
  transportClosed(transport: Transport): void;
}

/** An error of a transport, with what caused it. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code = 'transport-error';
  readonly type = 'TransportError';
  readonly description: unknown;

  constructor(message: string, description?: unknown) {
    super(message);
    this.description = description;
  }
}

export abstract class Transport extends ObservedEmitter {
  sid = '';
  /** False from the first packet handed over until the network took the last one. */
  writable = false;
  discarded = false;
  readyState: 'open' | 'closing' | 'closed' = 'open';
  /** Bytes handed over since the beginning. */
  sentBytes = 0;
  owner: TransportOwner | undefined = undefined;
  /** The owner wants to hear once it is ready again: set by it, until then. */
  reportsReady = false;

  abstract get name(): TransportName;

  /** Whether it would pass on another packet now; unlike `writable` it may be true while packets are on their way. */
  abstract get acceptsPackets(): boolean;

  /** Bytes handed over that the kernel has not taken yet. */
  abstract get bufferedBytes(): number;

  /** How many packets it wants in one `send`, and how many bytes (one packet more makes it so many). */
  abstract get packetLimit(): number;
  abstract get byteLimit(): number;

  /** A further request of the same session; for a WebSocket, the one it began with. */
  abstract onRequest(request: EngineRequest): void;

  /** Hands packets over. The array is the transport's to read, not to keep. */
  abstract send(packets: readonly OutgoingPacket[]): void;

  /** The same for the most frequent case. */
  sendOne(packet: OutgoingPacket): void {
    this.send([packet]);
  }

  /** Says goodbye in the transport's own way; `onClosed` runs when that is done or cannot be. */
  protected abstract doClose(onClosed?: () => void): void;

  /** From now on it carries this session. */
  adopt(session: TransportOwner & { readonly id: string }): void {
    this.owner = session;
    this.sid = session.id;
  }

  get protocol(): 4 {
    return protocol;
  }

  get supportsBinary(): boolean {
    return true;
  }

  /** Another transport took over: errors of this one no longer matter. */
  discard(): void {
    this.discarded = true;
  }

  close(onClosed?: () => void): void {
    if (this.readyState !== 'open') return;
    this.readyState = 'closing';
    this.doClose(onClosed);
  }

  /** Closes because the peer broke a limit; a WebSocket tells it which, by a status code and a reason. */
  closeWith(_code: number, _reason: string): void {
    this.close();
  }

  protected fail(message: string, description?: unknown): void {
    if (this.readyState === 'closed' && this.owner === undefined) return;
    const error = new TransportError(message, description);
    this.raise('error', error);
    this.owner?.transportError(this, error);
  }

  protected receive(packet: ReceivedPacket): void {
    if (packet.type === 'message') return this.receiveMessage(packet.data ?? '');
    this.raise('packet', packet);
    this.owner?.transportPacket(this, packet);
  }

  protected receiveMessage(data: string | Buffer): void {
    if (this.listenerCount('packet') > 0) this.emit('packet', { type: 'message', data });
    this.owner?.transportMessage(this, data);
  }

  /** The peer sent what is no packet. */
  protected receiveGarbage(error: ProtocolError): void {
    this.raise('packet', { type: 'error', data: 'parser error' });
    const reason = error.code === 'too-many-packets' ? 'too many packets in a payload' : 'parse error';
    this.owner?.transportGarbled(this, reason, error);
  }

  protected becomeReady(): void {
    if (this.isObserved) this.raise('ready');
    this.owner?.transportReady(this);
  }

  protected becomeClosed(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.writable = false;
    this.raise('close');
    this.owner?.transportClosed(this);
  }

  /** An emitter throws for an `error` nobody listens to: none of the events may. */
  protected raise(event: string, ...values: unknown[]): void {
    if (this.listenerCount(event) > 0) this.emit(event, ...values);
  }
}
