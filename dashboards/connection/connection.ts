/**
 * The link of one page to the hub: the fleet namespace, which is always open, and group namespaces, which are lent
 * and closed again when nobody needs them. Tells one state for all of them. Framework-free.
 */
import type { DashboardToHub, FleetToHub, HubToDashboard, HubToFleet } from '#contract/events.ts';
import { Channel } from './channel.ts';
import type { ChannelWatcher } from './channel.ts';
import { advanceLink } from './link-state.ts';
import type { LinkInput, LinkState } from './link-state.ts';
import type { OpenSocket, Timing } from './socket-like.ts';

export type FleetChannel = Channel<FleetToHub, HubToFleet>;
export type GroupChannel = Channel<DashboardToHub, HubToDashboard>;

/** How often the round trip is measured, and how long its silence may last before the link counts as stale. */
const beatMs = 10_000;
const beatDeadlineMs = 8000;
/** A group's namespace stays open this long after its last borrower: moving between pages does not reopen it. */
const lingerMs = 5000;
/** The hub closed the socket on purpose: the client does not come back by itself. */
const hubClosedReason = 'io server disconnect';
const reopenMs = 2000;

interface Lent {
  readonly channel: GroupChannel;
  borrowers: number;
  cancelClose?: (() => void) | undefined;
}

export class Connection {
  readonly fleet: FleetChannel;
  readonly #openSocket: OpenSocket;
  readonly #timing: Timing;
  readonly #lent = new Map<string, Lent>();
  readonly #listeners = new Set<(state: LinkState) => void>();
  #state: LinkState;
  #cancelBeat: (() => void) | undefined;
  #closed = false;

  constructor(parts: { openSocket: OpenSocket; timing: Timing }) {
    this.#openSocket = parts.openSocket;
    this.#timing = parts.timing;
    this.#state = { name: 'connecting', since: parts.timing.now() };
    this.fleet = new Channel({
      namespace: '/',
      socket: parts.openSocket('/'),
      timing: parts.timing,
      watcher: this.#watcherOf(() => this.fleet),
    });
    this.#beatLater();
  }

  get state(): LinkState {
    return this.#state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Lends the namespace of a group; call the returned `giveBack` when done. */
  borrow(group: string): { readonly channel: GroupChannel; readonly giveBack: () => void } {
    const lent = this.#lent.get(group) ?? this.#openGroup(group);
    lent.borrowers += 1;
    lent.cancelClose?.();
    let returned = false;
    const giveBack = (): void => {
      if (returned) return;
      returned = true;
      lent.borrowers -= 1;
      if (lent.borrowers === 0)
        lent.cancelClose = this.#timing.after(lingerMs, () => this.#closeGroup(group));
    };
    return { channel: lent.channel, giveBack };
  }

  /** A person pressed "try now", or the network is back. */
  retryNow(): void {
    this.fleet.retryNow();
    for (const { channel } of this.#lent.values()) channel.retryNow();
  }

  close(): void {
    this.#closed = true;
    this.#cancelBeat?.();
    for (const lent of this.#lent.values()) {
      lent.cancelClose?.();
      lent.channel.close();
    }
    this.#lent.clear();
    this.fleet.close();
    this.#listeners.clear();
  }

  #openGroup(group: string): Lent {
    const channel: GroupChannel = new Channel({
      namespace: `/${group}`,
      socket: this.#openSocket(`/${group}`),
      timing: this.#timing,
      watcher: this.#watcherOf(() => channel),
    });
    const lent: Lent = { channel, borrowers: 0 };
    this.#lent.set(group, lent);
    return lent;
  }

  #closeGroup(group: string): void {
    this.#lent.get(group)?.channel.close();
    this.#lent.delete(group);
  }

  #watcherOf(channel: () => { readonly namespace: string; retryNow(): void }): ChannelWatcher {
    return {
      connected: () => {
        if (channel().namespace === '/') this.#advance('connected');
        else this.#advance('resubscribed');
      },
      caughtUp: () => this.#caughtUp(),
      lost: (reason) => {
        // The fleet's socket shares the connection with all others: it alone speaks for the link.
        if (channel().namespace === '/') this.#advance('lost');
        if (reason === hubClosedReason) this.#reopenLater(() => channel().retryNow());
      },
      refused: (code) => {
        const { namespace } = channel();
        if (namespace === '/') this.#advance('refused', code);
        else if (code === 'unknown-namespace') this.#askAgainLater(namespace.slice(1));
      },
    };
  }

  /** A group may be told of a moment before its namespace is there. */
  #askAgainLater(group: string): void {
    const lent = this.#lent.get(group);
    this.#reopenLater(() => {
      if (lent !== undefined && this.#lent.get(group) === lent) lent.channel.retryNow();
    });
  }

  #reopenLater(reopen: () => void): void {
    this.#timing.after(reopenMs, () => {
      if (!this.#closed) reopen();
    });
  }

  #caughtUp(): void {
    const all = [this.fleet, ...[...this.#lent.values()].map((lent) => lent.channel)];
    // A group that refuses us never catches up, and must not hold the others' mark back.
    if (this.fleet.connected && all.every((channel) => !channel.connected || channel.isCaughtUp)) {
      this.#advance('caughtUp');
      if (this.#state.latencyMs === undefined) void this.#beat();
    }
  }

  #beatLater(): void {
    this.#cancelBeat = this.#timing.after(beatMs, () => {
      this.#beatLater();
      if (this.fleet.connected) void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    const startedAt = this.#timing.now();
    try {
      await this.fleet.request('groups', {}, beatDeadlineMs);
      this.#set({
        ...advanceLink(this.#state, 'heard', this.#timing.now()),
        latencyMs: this.#timing.now() - startedAt,
      });
    } catch {
      // Silence on an open socket is what `stale` means; a refusal was an answer.
      if (this.fleet.connected) this.#advance('silent');
    }
  }

  #advance(input: LinkInput, code?: string): void {
    this.#set(advanceLink(this.#state, input, this.#timing.now(), code));
  }

  #set(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
