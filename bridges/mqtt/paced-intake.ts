/**
 * Keeps a broker that sends all that it kept at once from taking the hub for itself: so much of one turn of the event loop
 * is for its messages, then other sources and timers come first; and while too many messages are on their way to the
 * disk none is handled. What is not handled is not read, so the broker waits.
 * mqtt.js handles one packet after the other, each when the one before called back (`handleMessage`, documented).
 */
import type { MqttClient } from 'mqtt';
import { limits } from '#contract/limits.ts';
import type { Clock } from '#ports';

const turnMs = 5;

export class PacedIntake {
  readonly #clock: Clock;
  /** When this turn of the event loop came to the first message; undefined before it. */
  #turnBeganMs: number | undefined;
  #underWay = 0;
  /** Handles the next message. */
  #waiting: (() => void) | undefined;

  constructor(client: Pick<MqttClient, 'handleMessage'>, clock: Clock) {
    this.#clock = clock;
    client.handleMessage = (_packet, callback) => this.#next(() => callback());
  }

  /** A message is on its way; `done` is owed. */
  begin(): void {
    this.#underWay += 1;
  }

  done(): void {
    this.#underWay -= 1;
    const waiting = this.#waiting;
    if (waiting === undefined || this.#underWay >= limits.mqttUnacknowledgedPerBroker) return;
    this.#waiting = undefined;
    this.#next(waiting);
  }

  #next(go: () => void): void {
    if (this.#underWay >= limits.mqttUnacknowledgedPerBroker) {
      this.#waiting = go;
      return;
    }
    const nowMs = this.#clock.monotonicMs();
    if (this.#turnBeganMs === undefined) {
      this.#turnBeganMs = nowMs;
      setImmediate(() => (this.#turnBeganMs = undefined));
    }
    if (nowMs - this.#turnBeganMs < turnMs) go();
    else setImmediate(() => this.#next(go));
  }
}
