/**
 * What was sent and what was acknowledged, kept outside the hub: the judge of "an acknowledged reading is never lost".
 * Each reading is value `n` at its own time, so that it can be recognised wherever it turns up.
 */
import type { HistoryAnswer } from '#contract/view.ts';
import type { HubProcess } from '../../support/hub-process.ts';

export interface Tally {
  readonly device: string;
  readonly sent: number;
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged, but not in the store: must be 0. */
  readonly lost: number;
  /** In the store, but never sent, or with another value: must be 0. */
  readonly invented: number;
  /** In the store more than once: must be 0, since the sender's time identifies each reading. */
  readonly doubled: number;
}

export class Ledger {
  readonly device: string;
  readonly #startMs: number;
  /** When, on the clock of `process.hrtime`, in ns. */
  readonly #acknowledged = new Map<number, bigint>();
  #sent = 0;

  constructor(device: string, startMs: number) {
    this.device = device;
    this.#startMs = startMs;
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** The next reading to send. */
  next(): {
    readonly n: number;
    readonly payload: { readonly ts: number; readonly values: { readonly n: number } };
  } {
    const n = this.#sent;
    this.#sent += 1;
    return { n, payload: { ts: this.#startMs + n, values: { n } } };
  }

  acknowledge(n: number): void {
    if (!this.#acknowledged.has(n)) this.#acknowledged.set(n, process.hrtime.bigint());
  }

  /** What was acknowledged after this moment (ns) is as good as not answered. */
  forgetAfter(momentNs: bigint): void {
    for (const [n, at] of this.#acknowledged) if (at > momentNs) this.#acknowledged.delete(n);
  }

  /** Compares with what the hub's history holds now. */
  async compare(hub: HubProcess, group: string): Promise<Tally> {
    return this.tally(await this.#storedIn(hub, group));
  }

  /** Compares with what several hubs hold together. */
  async unionOf(hubs: readonly HubProcess[], group: string): Promise<Tally> {
    const stored = await Promise.all(hubs.map((hub) => this.#storedIn(hub, group)));
    return this.tally(stored.flat());
  }

  /** How many of the acknowledged readings the hub's history does not have, of those that another ledger sent. */
  async lostOf(sender: Ledger, hub: HubProcess, group: string): Promise<number> {
    const stored = new Set((await sender.#storedIn(hub, group)).map(([, value]) => value));
    return [...this.#acknowledged.keys()].filter((n) => !stored.has(n)).length;
  }

  async #storedIn(hub: HubProcess, group: string): Promise<(readonly [number, number])[]> {
    const stored: (readonly [number, number])[] = [];
    const page = 10_000;
    for (let from = 0; from <= this.#sent; from += page) {
      const range = `start=${this.#startMs + from}&end=${this.#startMs + from + page}&limit=20000`;
      const path = `/api/v1/groups/${group}/devices/${this.device}/history?metrics=n&${range}`;
      const response = await hub.request(path);
      // A hub that lost everything does not know the device.
      if (response.status === 404) break;
      const answer = (await response.json()) as HistoryAnswer;
      if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
      for (const [timeMs, value] of answer.series[0]?.points ?? []) stored.push([timeMs, Number(value)]);
    }
    return stored;
  }

  /** @param stored what some store holds of the device: epoch ms and value */
  tally(stored: readonly (readonly [timeMs: number, value: number])[]): Tally {
    const values = stored.map(([, value]) => value);
    const distinct = new Set(values);
    return {
      device: this.device,
      sent: this.#sent,
      acknowledged: this.#acknowledged.size,
      stored: stored.length,
      lost: [...this.#acknowledged.keys()].filter((n) => !distinct.has(n)).length,
      invented: stored.filter(([timeMs, value]) => value >= this.#sent || timeMs !== this.#startMs + value)
        .length,
      doubled: values.length - distinct.size,
    };
  }
}
