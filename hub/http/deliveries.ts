/** One request may bring more than one delivery holds: it goes in as several and is answered as one. */
import type { FastifyReply } from 'fastify';
import { RejectedDeliveryError, RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { Delivery, IncomingReading, Ingest, Receipt, Rejection, Settlement } from '#ports';

/** What all of it came to; `rejected` counts from the first reading of the request. */
export interface Stored {
  /** Absent: nothing of it was accepted, so nothing was committed. */
  readonly epoch: string | undefined;
  readonly offset: number;
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** Hears what became of all of it: exactly one of the two, once. */
export interface Answering {
  stored(stored: Stored): void;
  /** @param error a `TryAgainError`: part of it may be stored; all of it is to be sent again */
  failed(error: unknown): void;
}

type Common = Omit<Delivery, 'readings'>;

/** @param count of readings and of what is none @throws {RequestError} 413 */
export function requireFew(count: number): void {
  if (count <= limits.readingsPerHttpRequest) return;
  const message = `One request brings at most ${limits.readingsPerHttpRequest} readings.`;
  throw new RequestError(413, 'too-many-readings', message);
}

/** Hands all of it in at once. A promise for each would be work for nothing where requests come by the ten thousand. */
export function offerAll(
  ingest: Pick<Ingest, 'offer'>,
  common: Common,
  readings: readonly IncomingReading[],
  answering: Answering,
): void {
  const size = limits.readingsPerDelivery;
  const sum = new Sum(Math.ceil(readings.length / size), answering);
  for (let from = 0; from < readings.length; from += size) {
    const some = readings.length <= size ? readings : readings.slice(from, from + size);
    ingest.offer({ ...common, readings: some }, new Part(sum, from, some.length));
  }
}

/** The work answers by itself, unless it fails. */
export function answerLater(reply: FastifyReply, work: Promise<void>): void {
  work.catch((error: unknown) => reply.send(error));
}

/** The same as a promise. @throws {TryAgainError} part of it may be stored; all of it is to be sent again */
export function acceptAll(
  ingest: Pick<Ingest, 'offer'>,
  common: Common,
  readings: readonly IncomingReading[],
): Promise<Stored> {
  return new Promise((resolve, reject) => {
    offerAll(ingest, common, readings, { stored: resolve, failed: reject });
  });
}

/** What the deliveries of one request came to so far. */
class Sum {
  readonly #answering: Answering;
  #open: number;
  #epoch: string | undefined;
  #offset = 0;
  #accepted = 0;
  readonly #rejected: Rejection[] = [];
  #error: unknown;

  constructor(deliveries: number, answering: Answering) {
    this.#open = deliveries;
    this.#answering = answering;
    if (deliveries === 0) this.#tell();
  }

  accepted({ epoch, offset, accepted }: Receipt): void {
    this.#epoch = epoch;
    this.#offset = Math.max(this.#offset, offset);
    this.#accepted += accepted;
  }

  rejected(rejection: Rejection): void {
    this.#rejected.push(rejection);
  }

  failed(error: unknown): void {
    this.#error ??= error;
  }

  /** One of the deliveries has its outcome. */
  settled(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#tell();
  }

  #tell(): void {
    if (this.#error !== undefined) return this.#answering.failed(this.#error);
    // Refusals are told when they are in quarantine, which may be later than the commit of what came behind them.
    const rejected = this.#rejected.toSorted((a, b) => a.index - b.index);
    this.#answering.stored({
      epoch: this.#epoch,
      offset: this.#offset,
      accepted: this.#accepted,
      rejected,
    });
  }
}

/** One delivery of them. */
class Part implements Settlement {
  readonly #sum: Sum;
  readonly #from: number;
  readonly #size: number;

  constructor(sum: Sum, from: number, size: number) {
    this.#sum = sum;
    this.#from = from;
    this.#size = size;
  }

  accepted(receipt: Receipt): void {
    this.#sum.accepted(receipt);
    for (const rejection of receipt.rejected)
      this.#sum.rejected({ ...rejection, index: this.#from + rejection.index });
    this.#sum.settled();
  }

  refused(error: unknown): void {
    if (error instanceof RejectedDeliveryError) this.#rejectAll(error);
    else this.#sum.failed(error);
    this.#sum.settled();
  }

  #rejectAll({ code, message }: RejectedDeliveryError): void {
    for (let index = 0; index < this.#size; index += 1)
      this.#sum.rejected({ index: this.#from + index, code, message });
  }
}
