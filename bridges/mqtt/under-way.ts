/**
 * A message under way through the hub, as the two who wait for news of it see it: its sender, and ingest. Objects and not
 * closures, because thousands of messages wait for their commit at a time.
 */
import { packReadings } from '#contract/traced-readings.ts';
import type { Delivery, Ingest, Receipt, Settlement } from '#ports';
import type { Acknowledgement, InboundMessage, Meaning, Outcome, ToldMeaning } from './meaning.ts';

const none: readonly never[] = [];

/** Hears what becomes of a message: exactly one of the two, once. */
export interface Verdict {
  decided(outcome: Outcome): void;
  /** Not stored this time. */
  failed(error: unknown): void;
}

type Decided = (message: InboundMessage, outcome: Outcome, acknowledgement: Acknowledgement) => void;

/** The verdict on a message whose sender waits for the acknowledgement. */
export class SenderWaits implements Verdict {
  readonly #message: InboundMessage;
  readonly #acknowledgement: Acknowledgement;
  readonly #decided: Decided;

  constructor(message: InboundMessage, acknowledgement: Acknowledgement, decided: Decided) {
    this.#message = message;
    this.#acknowledgement = acknowledgement;
    this.#decided = decided;
  }

  decided(outcome: Outcome): void {
    this.#decided(this.#message, outcome, this.#acknowledgement);
  }

  failed(error: unknown): void {
    this.#acknowledgement.failed(error);
  }
}

/** How a message comes back from ingest. */
export interface UnderstoodEnds {
  accepted(understood: Understood, receipt: Receipt | undefined): void;
  refused(understood: Understood, error: unknown): void;
}

/** A message and what it means, in the hands of ingest. */
export class Understood implements Settlement {
  readonly message: InboundMessage;
  meaning: ToldMeaning;
  readonly verdict: Verdict;
  readonly #ends: UnderstoodEnds;

  constructor(message: InboundMessage, meaning: Meaning, verdict: Verdict, ends: UnderstoodEnds) {
    this.message = message;
    this.meaning = meaning;
    this.verdict = verdict;
    this.#ends = ends;
  }

  accepted(receipt?: Receipt): void {
    this.#ends.accepted(this, receipt);
  }

  refused(error: unknown): void {
    this.#ends.refused(this, error);
  }

  /** From here on ingest has the readings: as they came, too, they would be a third of what waits for its commit. */
  handOn(delivery: Delivery, ingest: Pick<Ingest, 'offer'>): void {
    ingest.offer(delivery, this);
    const { readings = none } = this.meaning;
    const told = packReadings(readings);
    if (told !== readings) this.meaning = { ...this.meaning, readings: told };
  }

  /** It is where it belongs. */
  taken(receipt?: Receipt): void {
    this.verdict.decided({ kind: 'taken', meaning: this.meaning, receipt });
  }
}
