/**
 * The WebSockets that were told goodbye and have not answered yet. `ws` gives each some seconds; when the server
 * itself stops, there is no reason to wait so long for peers that do not answer at all, as stock Python clients.
 * Spec: RFC 6455 section 7.1.1.
 */
import type { WebSocket } from 'ws';
import type { EngineClock } from './heartbeat.ts';

const graceMs = 1000;

export class Goodbyes {
  readonly #unanswered = new Set<WebSocket>();

  said(webSocket: WebSocket): void {
    this.#unanswered.add(webSocket);
  }

  answered(webSocket: WebSocket): void {
    this.#unanswered.delete(webSocket);
  }

  /** Waits a second for those told so far, then ends their connections. */
  endSoon(clock: EngineClock): void {
    const waiting = [...this.#unanswered];
    if (waiting.length === 0) return;
    clock.after(graceMs, () => {
      for (const webSocket of waiting) webSocket.terminate();
    });
  }
}
