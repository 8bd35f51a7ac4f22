/** The fleet: groups with their counts, and the newest values of every device that the page knows. */
import { signal } from '@preact/signals';
import type { GroupInfo } from '#contract/device.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import type { FleetChannel } from '../connection/connection.ts';
import { HubRefusedError, NoAnswerError } from '../connection/errors.ts';
import type { Registry } from './registry.ts';
import type { Sparklines } from './sparklines.ts';

const valuesPerSecond = 2;
/** Counts follow changes of presence at most this often. */
const refreshMs = 2000;

export class FleetState {
  /** In the order of their titles; undefined until they are known. */
  readonly groups = signal<readonly GroupInfo[] | undefined>(undefined);
  /** Whether the values of all devices come by themselves; else a screen subscribes to those that it shows. */
  readonly coversAll = signal(true);
  readonly #channel: FleetChannel;
  readonly #registry: Registry;
  readonly #sparklines: Sparklines;
  readonly #after: (ms: number, fn: () => void) => () => void;
  readonly #end: (() => void)[] = [];
  #cancelRefresh: (() => void) | undefined;

  constructor(parts: {
    channel: FleetChannel;
    registry: Registry;
    sparklines: Sparklines;
    after: (ms: number, fn: () => void) => () => void;
  }) {
    this.#channel = parts.channel;
    this.#registry = parts.registry;
    this.#sparklines = parts.sparklines;
    this.#after = parts.after;
    const endValues = this.#channel.subscribe(
      { mode: 'latest', maxHz: valuesPerSecond },
      {
        reset: ({ latest }) => this.#take(latest),
        readings: (readings) => this.#take(readings),
        gap: (_reason, latest) => {
          this.#take(latest);
          this.#sparklines.forget();
        },
        incomplete: (range) => this.#sparklines.incomplete(range),
        refused: (code) => {
          if (code !== 'too-many-series') return;
          this.coversAll.value = false;
          endValues();
        },
      },
    );
    this.#end.push(
      endValues,
      this.#channel.onConnected(() => void this.#refresh()),
      this.#channel.on('groups', (groups) => this.#setGroups(groups)),
      this.#channel.on('device', (device) => {
        this.#registry.put(device);
        this.#refreshSoon();
      }),
      this.#channel.on('removed', (name) => {
        this.#registry.remove(name);
        this.#refreshSoon();
      }),
      this.#channel.on('presence', (change) => {
        this.#registry.presence(change);
        this.#refreshSoon();
      }),
    );
  }

  close(): void {
    this.#cancelRefresh?.();
    this.#sparklines.close();
    for (const end of this.#end) end();
  }

  #take(readings: readonly ReadingTuple[]): void {
    this.#registry.note(readings);
    this.#sparklines.note(readings);
  }

  #setGroups(groups: readonly GroupInfo[]): void {
    const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
    this.groups.value = groups.toSorted((a, b) => order.compare(a.title, b.title));
  }

  #refreshSoon(): void {
    if (this.#cancelRefresh !== undefined) return;
    this.#cancelRefresh = this.#after(refreshMs, () => {
      this.#cancelRefresh = undefined;
      void this.#refresh();
    });
  }

  async #refresh(): Promise<void> {
    try {
      this.#setGroups((await this.#channel.request('groups', {})).groups);
    } catch (error) {
      // The next connection or change asks again.
      if (!(error instanceof HubRefusedError || error instanceof NoAnswerError)) throw error;
    }
  }
}
