/**
 * The hub's own presence for Sparkplug edge nodes, some of which speak only while their host application is there:
 * a retained birth, and a death that is the will. Spec: Sparkplug 3.0, 5.5 and 6.4.26.
 */
import { isPlainObject, parseJson } from '#contract/formats/json.ts';
import { namespace } from './families/sparkplug.ts';

export interface HostMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 1;
  readonly retain: true;
}

export class SparkplugHost {
  readonly #topic: string;
  readonly #sinceMs: number;

  /** @param sinceMs when this connection was made: its birth and its will have the same time */
  constructor(id: string, sinceMs: number) {
    this.#topic = `${namespace}/STATE/${id}`;
    this.#sinceMs = Math.floor(sinceMs);
  }

  get birth(): HostMessage {
    return this.#message(true);
  }

  /** Of a connection that breaks. */
  get will(): HostMessage {
    return this.#message(false);
  }

  /** Before a farewell; its time is that of the farewell. */
  death(nowMs: number): HostMessage {
    return this.#message(false, Math.max(this.#sinceMs, Math.floor(nowMs)));
  }

  /** Somebody, perhaps the will of an earlier connection, says that we are gone: the birth is due again. */
  isDeath(topic: string, payload: Uint8Array): boolean {
    if (topic !== this.#topic) return false;
    try {
      const state = parseJson(Buffer.from(payload).toString());
      return isPlainObject(state) && state['online'] === false;
    } catch {
      return false;
    }
  }

  #message(online: boolean, timestamp = this.#sinceMs): HostMessage {
    const payload = Buffer.from(JSON.stringify({ online, timestamp }));
    return { topic: this.#topic, payload, qos: 1, retain: true };
  }
}
