/**
 * What the hub itself tells of a device, as events like any other: durable, in the history, to every dashboard once and
 * in order. A device that went offline or came back, a command that failed or expired.
 */
import type { CommandRecord } from './contract/command.ts';
import { RejectedDeliveryError } from './contract/errors.ts';
import { limits } from './contract/limits.ts';
import type { Clock, Counters, DeviceChange, IncomingEvent, Ingest, Log } from './ports.ts';

/** A broker that goes takes many devices with it: they are told together. */
const gatherMs = 20;
const retryMs = 1000;
const mostWaiting = 20_000;

export interface HubEventsParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

export class HubEvents {
  readonly #parts: HubEventsParts;
  readonly #waiting: IncomingEvent[] = [];
  #ingest: Pick<Ingest, 'accept'> | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(parts: HubEventsParts) {
    this.#parts = parts;
  }

  /** What was told before waits for this. */
  start(ingest: Pick<Ingest, 'accept'>): void {
    this.#ingest = ingest;
    if (this.#waiting.length > 0) this.#schedule(gatherMs);
  }

  device(change: DeviceChange): void {
    this.#add(ofDevice(change));
  }

  command(command: CommandRecord): void {
    this.#add(ofCommand(command));
  }

  /** What still waits is not told any more. */
  close(): void {
    this.#cancelTimer?.();
  }

  #add(event: IncomingEvent | undefined): void {
    if (event === undefined) return;
    if (this.#waiting.length >= mostWaiting) return this.#parts.counters.count('hub-events', 'too-many');
    this.#waiting.push({ ...event, timeUs: this.#parts.clock.nowUs() });
    if (this.#ingest !== undefined) this.#schedule(gatherMs);
  }

  #schedule(ms: number): void {
    this.#cancelTimer ??= this.#parts.clock.after(ms, () => void this.#store());
  }

  async #store(): Promise<void> {
    const { log, counters } = this.#parts;
    try {
      while (this.#waiting.length > 0) {
        const events = this.#waiting.slice(0, limits.readingsPerDelivery);
        await this.#accept(events);
        this.#waiting.splice(0, events.length);
      }
      this.#cancelTimer = undefined;
    } catch (error) {
      counters.count('hub-events', 'not-stored');
      log.warn('Could not store what happened to devices; trying again.', {
        error,
        events: this.#waiting.length,
      });
      this.#cancelTimer = undefined;
      this.#schedule(retryMs);
    }
  }

  async #accept(events: readonly IncomingEvent[]): Promise<void> {
    try {
      await this.#ingest?.accept({ source: { edge: 'hub', principal: 'hub' }, readings: [], events });
    } catch (error) {
      // Ingest keeps it in quarantine and has counted it: repeating cannot help.
      if (!(error instanceof RejectedDeliveryError)) throw error;
    }
  }
}

function ofDevice(change: DeviceChange): IncomingEvent | undefined {
  if (change.kind !== 'presence') return undefined;
  const { group, device, presence, since, was } = change;
  if (presence === 'offline') return { group, device, name: 'hub:offline', data: { since, was } };
  const isBack = presence === 'online' && was === 'offline';
  return isBack ? { group, device, name: 'hub:online', data: { since } } : undefined;
}

function ofCommand({
  group,
  device,
  id,
  name,
  state,
  error,
  requestedBy,
}: CommandRecord): IncomingEvent | undefined {
  if (state !== 'failed' && state !== 'expired') return undefined;
  const data = { id, name, requestedBy, ...(error && { code: error.code, message: error.message }) };
  return { group, device, name: `hub:command-${state}`, data };
}
