/** Which screen the address names. It lives in the fragment, so that every address works from any static server. */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';

/** Screens whose address is their name. */
export const plainScreens = ['commands', 'inbox', 'status', 'settings'] as const;
export type PlainScreen = (typeof plainScreens)[number];

export type Route =
  | { readonly screen: 'overview' | PlainScreen }
  | { readonly screen: 'group'; readonly group: string }
  | { readonly screen: 'device'; readonly group: string; readonly device: string }
  | { readonly screen: 'not-found' };

export function parseRoute(hash: string): Route {
  const parts = hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [first, group, third, device] = parts;
  if (first === undefined) return { screen: 'overview' };
  const plain = plainScreens.find((screen) => screen === first);
  if (parts.length === 1 && plain !== undefined) return { screen: plain };
  if (first !== 'groups' || group === undefined) return { screen: 'not-found' };
  if (parts.length === 2) return { screen: 'group', group };
  if (parts.length === 4 && third === 'devices' && device !== undefined)
    return { screen: 'device', group, device };
  return { screen: 'not-found' };
}

export function hrefOf(route: Route): string {
  switch (route.screen) {
    case 'overview':
    case 'not-found':
      return '#/';
    case 'group':
      return `#/groups/${encodeURIComponent(route.group)}`;
    case 'device':
      return `#/groups/${encodeURIComponent(route.group)}/devices/${encodeURIComponent(route.device)}`;
    case 'commands':
    case 'inbox':
    case 'status':
    case 'settings':
      return `#/${route.screen}`;
  }
}

/** The single-use code of a login link, if the fragment is one. */
export function loginCodeOf(hash: string): string | undefined {
  return /^#login=([^&]+)$/.exec(hash)?.[1];
}

export class RouteState {
  readonly current: Signal<Route>;
  readonly #window: Window;

  constructor(parts: { window: Window }) {
    this.#window = parts.window;
    this.current = signal(parseRoute(this.#window.location.hash));
    this.#window.addEventListener('hashchange', () => {
      this.current.value = parseRoute(this.#window.location.hash);
      this.#window.scrollTo(0, 0);
    });
  }

  go(route: Route): void {
    this.#window.location.hash = hrefOf(route);
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
