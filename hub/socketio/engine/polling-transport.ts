/**
 * HTTP long-polling: the client's GET waits for packets, its POSTs bring some.
 * At most one of each at a time; a second one ends the session.
 */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { ProtocolError } from '../errors.ts';
import { acceptedEncoding, compressor, pollingEncodings } from './compression.ts';
import { dataBytes, type Packet } from './packet.ts';
import { decodePayload, encodePayload } from './payload.ts';
import type { PollingSettings, ResponseHeaders } from './polling-settings.ts';
import type { RequestBody } from './request-body.ts';
import { Transport } from './transport.ts';
import type { EngineRequest, OutgoingPacket } from './transport.ts';
import type { Flushable } from './write-batch.ts';

const pollOf = Symbol('the transport of a poll');
type PollResponse = ServerResponse & { [pollOf]?: PollingTransport };

const defaultThresholdBytes = 1024;

export class PollingTransport extends Transport implements Flushable {
  /** How long a goodbye waits for the client to ask, in milliseconds. */
  closeTimeout = 30_000;
  readonly #settings: PollingSettings;
  #request: EngineRequest | undefined = undefined;
  #response: PollResponse | undefined = undefined;
  /** What brings packets at the moment, from its head until the last of them was heard; the name is that of npm `engine.io`. */
  dataReq: EngineRequest | undefined = undefined;
  #isReadingBody = false;
  #collected: OutgoingPacket[] | undefined = undefined;
  #finishClosing: (() => void) | undefined = undefined;

  constructor(settings: PollingSettings) {
    super();
    this.#settings = settings;
  }

  get name(): 'polling' {
    return 'polling';
  }

  get acceptsPackets(): boolean {
    return this.writable || (this.#collected !== undefined && this.packetLimit > 0);
  }

  get bufferedBytes(): number {
    return 0;
  }

  /** A goodbye takes the place of one packet. */
  get packetLimit(): number {
    const taken = (this.#collected?.length ?? 0) + (this.#finishClosing === undefined ? 0 : 1);
    return this.#settings.maxPacketsPerResponse - taken;
  }

  get byteLimit(): number {
    return Infinity;
  }

  onRequest(request: EngineRequest): void {
    const response = request.res;
    if (!response) return;
    request.res = null;
    if (request.method === 'GET') this.onPollRequest(request, response);
    else if (request.method === 'POST') this.onDataRequest(request, response);
    else response.writeHead(405, { Allow: 'GET, POST, OPTIONS' }).end();
  }

  /** The client asks for packets. */
  onPollRequest(request: EngineRequest, response: ServerResponse): void {
    if (this.#response !== undefined) {
      this.fail('overlap from client');
      response.writeHead(400).end();
      return;
    }
    this.#request = request;
    this.#response = response;
    this.#response[pollOf] = this;
    response.on('close', onPollClosed);
    this.writable = true;
    this.becomeReady();
    if (this.writable && this.#finishClosing !== undefined) this.send([{ type: 'noop' }]);
  }

  onPollAborted(response: ServerResponse): void {
    if (this.#response !== response) return;
    this.#endPoll();
    this.writable = false;
    this.fail('poll connection closed prematurely');
  }

  /** The client brings packets. */
  onDataRequest(request: EngineRequest, response: ServerResponse): void {
    if (this.dataReq !== undefined) {
      this.fail('data request overlap from client');
      response.writeHead(400).end();
      return;
    }
    if (request.headers['content-type'] === 'application/octet-stream') {
      this.fail('invalid content');
      response.writeHead(400).end();
      return;
    }
    this.dataReq = request;
    this.#isReadingBody = true;
    this.#settings.bodies.read(request, (body) => {
      this.#isReadingBody = false;
      this.#onBody(body, request, response);
      this.dataReq = undefined;
    });
  }

  #onBody(body: RequestBody, request: EngineRequest, response: ServerResponse): void {
    switch (body.outcome) {
      case 'aborted':
        this.fail('data request connection closed prematurely');
        return;
      case 'too large':
        refuseBody(response, 413);
        return;
      case 'too slow':
        refuseBody(response, 408);
        this.fail('data request timed out');
        return;
      case 'complete':
        if (!this.#receivePayload(body.text)) {
          response.writeHead(400, this.#headers(request, {})).end();
          return;
        }
        response.writeHead(
          200,
          this.#headers(request, { 'Content-Type': 'text/html', 'Content-Length': '2' }),
        );
        response.end('ok');
    }
  }

  #receivePayload(body: string): boolean {
    const packets = decodePayload(body, this.#settings.maxPacketsPerPayload);
    for (;;) {
      const next = nextPacket(packets);
      if (next instanceof ProtocolError) {
        this.receiveGarbage(next);
        return false;
      }
      if (next === undefined) return true;
      if (next.type === 'close') {
        this.#onGoodbye();
        return true;
      }
      this.receive(next);
    }
  }

  #onGoodbye(): void {
    this.raise('packet', { type: 'close' });
    this.#releasePoll();
    this.becomeClosed();
  }

  /** A waiting request is let go with a packet that means nothing. */
  #releasePoll(): void {
    this.flushFrames();
    if (this.writable) this.#respond([{ type: 'noop' }]);
  }

  /** What is sent within one tick leaves in one response. */
  send(packets: readonly OutgoingPacket[]): void {
    this.writable = false;
    for (const { data } of packets) this.sentBytes += dataBytes(data);
    if (this.#collected === undefined) {
      this.#collected = [...packets];
      this.#settings.batch.add(this);
    } else {
      this.#collected.push(...packets);
    }
    if (this.#finishClosing !== undefined) this.#sayGoodbye(this.#finishClosing);
  }

  flushFrames(): void {
    const packets = this.#collected;
    if (packets === undefined) return;
    this.#collected = undefined;
    this.#respond(packets);
  }

  /** The goodbye goes with what was collected, or alone. */
  #sayGoodbye(finish: () => void): void {
    const packets = this.#collected ?? [];
    this.#collected = undefined;
    this.#respond([...packets, { type: 'close' }]);
    finish();
  }

  #respond(packets: readonly OutgoingPacket[]): void {
    const request = this.#request;
    const response = this.#response;
    if (request === undefined || response === undefined) return;
    this.writable = false;
    response.off('close', onPollClosed);
    const body = encodePayload(packets);
    const headers: ResponseHeaders = { 'Content-Type': 'text/plain; charset=UTF-8' };
    const compression = this.#compressionFor(request, packets, body);
    if (compression === undefined) {
      headers['Content-Length'] = Buffer.byteLength(body);
      response.writeHead(200, this.#headers(request, headers));
      response.end(body);
      this.#endPoll();
      this.#written(packets);
      return;
    }
    headers['Content-Encoding'] = compression.encoding;
    response.writeHead(200, this.#headers(request, headers));
    const source = compressor(compression.encoding, compression.options);
    source.on('end', () => this.#endPoll());
    // Also when the client went away meanwhile: the packets left, as far as anyone here can tell.
    pipeline(source.end(body), response, () => {
      this.#endPoll(response);
      this.#written(packets);
    });
  }

  /** The client may poll again, unless it did already. */
  #endPoll(response = this.#response): void {
    if (this.#response !== response) return;
    this.#request = undefined;
    this.#response = undefined;
  }

  #compressionFor(request: EngineRequest, packets: readonly Packet[], body: string) {
    const options = this.#settings.compression;
    if (options === undefined || packets.every((packet) => packet.options?.compress === false))
      return undefined;
    if (Buffer.byteLength(body) < (options.threshold ?? defaultThresholdBytes)) return undefined;
    const encoding = acceptedEncoding(request, pollingEncodings);
    return encoding === undefined ? undefined : { encoding, options };
  }

  #written(packets: readonly OutgoingPacket[]): void {
    for (const { callback } of packets) callback?.(this);
    this.raise('drain');
  }

  #headers(request: EngineRequest, headers: ResponseHeaders): ResponseHeaders {
    const agent = request.headers['user-agent'];
    // Old Internet Explorers would rewrite what they take for a script.
    if (agent !== undefined && (agent.includes(';MSIE') || agent.includes('Trident/')))
      headers['X-XSS-Protection'] = '0';
    headers['cache-control'] = 'no-store';
    this.raise('headers', headers, request);
    this.#settings.addHeaders(headers, request, this.sid);
    return headers;
  }

  protected doClose(onClosed?: () => void): void {
    if (this.#isReadingBody) this.dataReq?.destroy();
    this.flushFrames();
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      this.#finishClosing = undefined;
      onClosed?.();
      this.becomeClosed();
    };
    if (this.writable) {
      this.#sayGoodbye(finish);
    } else if (this.discarded) {
      finish();
    } else {
      this.#finishClosing = finish;
      timer = setTimeout(finish, this.closeTimeout);
      timer.unref();
    }
  }
}

function onPollClosed(this: PollResponse): void {
  this[pollOf]?.onPollAborted(this);
}

/** Answers a body that will not be read to its end; the connection cannot be used again. */
function refuseBody(response: ServerResponse, status: 408 | 413): void {
  response.writeHead(status, { Connection: 'close' });
  response.end(() => response.socket?.destroy());
}

function nextPacket(packets: ReturnType<typeof decodePayload>) {
  try {
    const next = packets.next();
    return next.done ? undefined : next.value;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}
