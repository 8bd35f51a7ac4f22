/**
 * The readings of one event on their way through ingest, and who is told what became of them. One object for both,
 * because tens of thousands may be under way.
 */
import type { RefusedItem } from '#contract/formats/items.ts';
import type { Delivery, IncomingReading, Receipt, Settlement } from '#ports';
import type { Caller } from './caller.ts';
import { PayloadText, type Incoming } from './incoming.ts';
import type { Reply } from './reply.ts';

/** Most deliveries are taken whole. */
const nothing: readonly RefusedItem[] = [];

export class TelemetryDelivery implements Delivery, Settlement {
  readonly source: Delivery['source'];
  readonly receivedAtUs: number;
  readonly readings: readonly IncomingReading[];
  readonly raw: PayloadText;
  readonly givesWay: boolean;
  readonly #incoming: Incoming;
  readonly #reply: Reply;

  constructor(
    { source }: Caller,
    incoming: Incoming,
    { payload, receivedAtUs, reply }: { payload: unknown; receivedAtUs: number; reply: Reply },
  ) {
    this.source = source;
    this.receivedAtUs = receivedAtUs;
    this.readings = incoming.readings;
    this.raw = new PayloadText(payload);
    this.givesWay = !reply.isAwaited;
    this.#incoming = incoming;
    this.#reply = reply;
  }

  accepted({ offset, accepted, rejected }: Receipt): void {
    const { refused } = this.#incoming;
    const isWhole = refused.length + rejected.length === 0;
    const all = isWhole ? nothing : [...refused, ...rejected.map((each) => this.#incoming.refusal(each))];
    this.#reply.accept({ offset, accepted, rejected: all });
  }

  refused(error: unknown): void {
    this.#reply.refuse(error);
  }
}
