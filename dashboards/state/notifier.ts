/**
 * Tells the reader through the browser what went wrong while nobody looked at the page: a device that went offline, a
 * command that failed. A storm of them is told as one.
 */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { Timing } from '../connection/socket-like.ts';

/** `impossible`: the browser has no notifications, or the page is not secure (plain http from another machine). */
export type NotifyPermission = 'default' | 'granted' | 'denied' | 'impossible';

/** The browser's part, so that it can be stood in for. */
export interface NotificationDesk {
  permission(): NotifyPermission;
  ask(): Promise<NotifyPermission>;
  show(title: string, body: string): void;
  /** Whether somebody looks at the page: then it needs no telling. */
  isWatched(): boolean;
}

export interface News {
  /** Of the device, as the reader knows it. */
  readonly title: string;
  readonly what: string;
}

/** News that come within this time are told together. */
const gatherMs = 2000;

export class Notifier {
  readonly permission: Signal<NotifyPermission>;
  readonly #desk: NotificationDesk;
  readonly #timing: Timing;
  readonly #isWanted: () => boolean;
  readonly #more: (count: number) => string;
  #gathered: News[] = [];

  constructor(parts: {
    desk: NotificationDesk;
    timing: Timing;
    isWanted: () => boolean;
    /** "and 12 more" */
    more: (count: number) => string;
  }) {
    this.#desk = parts.desk;
    this.#timing = parts.timing;
    this.#isWanted = parts.isWanted;
    this.#more = parts.more;
    this.permission = signal(parts.desk.permission());
  }

  /** Asks the reader, once. @returns whether it is allowed */
  async ask(): Promise<boolean> {
    this.permission.value = await this.#desk.ask();
    return this.permission.value === 'granted';
  }

  tell(news: News): void {
    if (!this.#isWanted() || this.permission.peek() !== 'granted' || this.#desk.isWatched()) return;
    this.#gathered.push(news);
    if (this.#gathered.length === 1) this.#timing.after(gatherMs, () => this.#show());
  }

  #show(): void {
    const [first] = this.#gathered;
    const more = this.#gathered.length - 1;
    this.#gathered = [];
    if (first !== undefined)
      this.#desk.show(first.title, more === 0 ? first.what : `${first.what} · ${this.#more(more)}`);
  }
}

export function browserDesk(window: Window & typeof globalThis): NotificationDesk {
  const permission = (): NotifyPermission =>
    'Notification' in window && window.isSecureContext ? window.Notification.permission : 'impossible';
  return {
    permission,
    ask: async () =>
      permission() === 'default' ? await window.Notification.requestPermission() : permission(),
    show: (title, body) => void new window.Notification(title, { body, icon: '/favicon.svg' }),
    isWatched: () => window.document.hasFocus(),
  };
}
