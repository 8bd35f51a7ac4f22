/**
 * The move of a session from long-polling to a WebSocket.
 * Spec: Engine.IO protocol v4, "Upgrade": probe, then the client stops polling and says so.
 */
import type { ReceivedPacket } from './packet.ts';
import type { Transport, TransportOwner } from './transport.ts';
import type { WebSocketTransport } from './websocket-transport.ts';

/**
 * How often a waiting poll is let go: the client may have polled again before it saw the answer to its probe. Until
 * then it holds back what it has to send, hence not the tenth of a second of the official server.
 */
const releasePollEveryMs = 20;

/** The session, as its upgrade sees it. */
export interface UpgradingSession {
  readonly transport: Transport;
  readonly readyState: string;
  raise(event: string, ...values: unknown[]): void;
  endUpgrade(transport?: WebSocketTransport): void;
}

export class UpgradeAttempt implements TransportOwner {
  readonly #session: UpgradingSession;
  readonly #transport: WebSocketTransport;
  readonly #deadline: NodeJS.Timeout;
  #releases: NodeJS.Timeout | undefined;

  constructor(session: UpgradingSession, transport: WebSocketTransport, timeoutMs: number) {
    this.#session = session;
    this.#transport = transport;
    this.#deadline = setTimeout(() => this.abort(), timeoutMs);
    this.#deadline.unref();
    transport.owner = this;
  }

  /** Gives up; the session stays where it is. */
  abort(): void {
    this.#stop();
    this.#transport.close();
    this.#session.endUpgrade();
  }

  transportPacket(_transport: Transport, packet: ReceivedPacket): void {
    if (packet.type === 'ping' && packet.data === 'probe') this.#answerProbe();
    else if (packet.type === 'upgrade' && this.#session.readyState !== 'closed') this.#complete();
    else this.abort();
  }

  transportMessage(): void {
    this.abort();
  }

  transportReady(): void {
    // Nothing is sent here but the answer to the probe.
  }

  transportError(): void {
    this.abort();
  }

  transportGarbled(): void {
    this.abort();
  }

  transportClosed(): void {
    this.abort();
  }

  #answerProbe(): void {
    this.#transport.send([{ type: 'pong', data: 'probe' }]);
    this.#session.raise('upgrading', this.#transport);
    clearInterval(this.#releases);
    this.#releases = setInterval(() => this.#releasePoll(), releasePollEveryMs);
    this.#releases.unref();
  }

  // The client waits for its poll to return before it leaves long-polling.
  #releasePoll(): void {
    const { transport } = this.#session;
    if (transport.name === 'polling' && transport.writable) transport.send([{ type: 'noop' }]);
  }

  #complete(): void {
    this.#stop();
    this.#session.endUpgrade(this.#transport);
  }

  #stop(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#releases);
    this.#transport.owner = undefined;
  }
}
