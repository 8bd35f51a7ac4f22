/**
 * A dashboard as far as the network: the pages' own connection module over a real Socket.IO client, with everything it
 * was given written down, so that a test can compare it with the store.
 */
import { Manager } from 'socket.io-client';
import type { DashboardToHub, HubToDashboard } from '#contract/events.ts';
import type { EventMessage } from '#contract/event.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import type { ViewSpec } from '#contract/view.ts';
import { LiveSeries, type LiveSeriesOptions } from '../../../dashboards/series/live-series.ts';
import { Channel } from '../../../dashboards/connection/channel.ts';
import { browserTiming, type SocketLike } from '../../../dashboards/connection/socket-like.ts';

/** One view of the watcher, as it was told. */
export interface Watched {
  readonly readings: ReadingTuple[];
  /** Newest by its own time, per `device/metric`. */
  readonly newest: Map<string, ReadingTuple>;
  /** Holes that it was told of. */
  gaps: number;
}

export class Watcher {
  readonly events: EventMessage[] = [];
  connections = 0;
  readonly #manager: Manager;
  readonly #channel: Channel<DashboardToHub, HubToDashboard>;

  constructor({ url, group, token }: { url: string; group: string; token: string }) {
    this.#manager = new Manager(url, {
      autoConnect: false,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      transports: ['websocket'],
    });
    const socket = this.#manager.socket(`/${group}`, { auth: { token } });
    const watcher = { connected: () => void (this.connections += 1), lost() {}, refused() {}, caughtUp() {} };
    this.#channel = new Channel({
      namespace: `/${group}`,
      socket: socket as unknown as SocketLike,
      timing: browserTiming,
      watcher,
    });
    this.#channel.on('event', (event) => this.events.push(event));
  }

  get isCaughtUp(): boolean {
    return this.#channel.isCaughtUp;
  }

  watch(spec: ViewSpec): Watched {
    const watched: Watched = { readings: [], newest: new Map(), gaps: 0 };
    const take = (readings: readonly ReadingTuple[]): void => {
      for (const tuple of readings) {
        watched.readings.push(tuple);
        show(watched, tuple);
      }
    };
    this.#channel.subscribe(spec, {
      reset: ({ latest, missed }) => {
        for (const tuple of latest) show(watched, tuple);
        take(missed);
      },
      readings: take,
      gap: (_reason, latest) => {
        watched.gaps += 1;
        for (const tuple of latest) show(watched, tuple);
      },
    });
    return watched;
  }

  /** History and live in one book, as charts have it. */
  follow(options: Omit<LiveSeriesOptions, 'channel'>): LiveSeries {
    return new LiveSeries({ ...options, channel: this.#channel });
  }

  close(): void {
    this.#channel.close();
    this.#manager._close();
  }
}

function show({ newest }: Watched, tuple: ReadingTuple): void {
  const key = `${tuple[0]}/${tuple[1]}`;
  const known = newest.get(key);
  if (known === undefined || tuple[2] >= known[2]) newest.set(key, tuple);
}
