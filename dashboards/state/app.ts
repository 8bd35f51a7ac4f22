/** The whole state of the page, wired once in `main.tsx` and handed to the views through one context. */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { CommandRecord } from '#contract/command.ts';
import { Http } from '../api/http.ts';
import { HubApi } from '../api/hub-api.ts';
import { TransferApi } from '../api/transfer-api.ts';
import { Connection } from '../connection/connection.ts';
import type { LinkState } from '../connection/link-state.ts';
import type { OpenSocket, Timing } from '../connection/socket-like.ts';
import { plainText } from '../format/text.ts';
import { chooseLocale } from '../locales/translate.ts';
import { FleetState } from './fleet.ts';
import { GroupState, GroupStates } from './group.ts';
import { Language } from './language.ts';
import { browserDesk, Notifier } from './notifier.ts';
import { Preferences } from './preferences.ts';
import { Registry } from './registry.ts';
import { loginCodeOf, RouteState } from './route.ts';
import { Session } from './session.ts';
import { Sparklines } from './sparklines.ts';
import { browserFrames, Turns } from './turns.ts';
import { Works } from './works.ts';

/** What exists only while somebody is logged in. */
export interface Live {
  readonly connection: Connection;
  readonly fleet: FleetState;
  readonly groups: GroupStates;
  readonly registry: Registry;
  readonly sparklines: Sparklines;
}

export interface App {
  readonly api: HubApi;
  readonly transfer: TransferApi;
  readonly works: Works;
  readonly timing: Timing;
  readonly session: Session;
  readonly preferences: Preferences;
  readonly language: Language;
  readonly notifier: Notifier;
  readonly route: RouteState;
  /** Everything that live data paints goes through them. */
  readonly turns: Turns;
  /** Epoch ms, once a second: for ages. */
  readonly now: Signal<number>;
  /** Grows when the system turns light or dark: canvases are drawn anew. */
  readonly schemeChanges: Signal<number>;
  readonly link: Signal<LinkState>;
  readonly live: Signal<Live | undefined>;
}

export interface AppParts {
  readonly window: Window & typeof globalThis;
  readonly timing: Timing;
  readonly openSocket: () => OpenSocket;
}

const reopenMs = 5000;

export function createApp({ window, timing, openSocket }: AppParts): App {
  const http = new Http({ fetch: (path, init) => window.fetch(path, init) });
  const api = new HubApi({ http });
  const preferences = new Preferences({ keep: window.localStorage });
  const { languages } = window.navigator;
  const loginCode = takeLoginCode(window);
  const locale = preferences.locale() ?? chooseLocale(languages);
  const language = new Language(locale, languages, preferences.zone());
  const app: App = {
    api,
    transfer: new TransferApi({ http }),
    works: new Works(),
    timing,
    preferences,
    session: new Session({ api, timing }),
    language,
    notifier: new Notifier({
      desk: browserDesk(window),
      timing,
      isWanted: () => preferences.notify.peek(),
      more: (count) => language.count('settings.notify.more', count),
    }),
    route: new RouteState({ window }),
    turns: new Turns(browserFrames),
    now: signal(timing.now()),
    schemeChanges: signal(0),
    link: signal<LinkState>({ name: 'connecting', since: timing.now() }),
    live: signal<Live | undefined>(undefined),
  };
  window.setInterval(() => (app.now.value = timing.now()), 1000);
  window
    .matchMedia('(prefers-color-scheme: dark)')
    .addEventListener('change', () => (app.schemeChanges.value += 1));
  followSession(app, openSocket);
  window.addEventListener('online', () => app.live.peek()?.connection.retryNow());
  window.addEventListener('visibilitychange', () => {
    if (!window.document.hidden) app.live.peek()?.connection.retryNow();
  });
  void (loginCode === undefined ? app.session.check() : app.session.logIn({ code: loginCode }));
  return app;
}

/** Takes the code out of the address at once: it must not stay in the history or reach a screenshot. */
function takeLoginCode(window: Window): string | undefined {
  const code = loginCodeOf(window.location.hash);
  if (code !== undefined) window.history.replaceState(null, '', window.location.pathname);
  return code;
}

function followSession(app: App, openSocket: () => OpenSocket): void {
  app.session.phase.subscribe((phase) => {
    const live = app.live.peek();
    if (phase === 'in' && live === undefined) app.live.value = goLive(app, openSocket());
    if (phase === 'in' || live === undefined) return;
    app.live.value = undefined;
    app.works.stopAll();
    live.fleet.close();
    live.connection.close();
  });
}

function goLive(app: App, openSocket: OpenSocket): Live {
  const connection = new Connection({ openSocket, timing: app.timing });
  const registry = new Registry();
  const sparklines = new Sparklines({ timing: app.timing });
  app.link.value = connection.state;
  connection.onState((state) => {
    app.link.value = state;
    if (state.name !== 'denied') return;
    // Still logged in means that the refusal was about the moment: try again, slowly.
    void app.session
      .ended()
      .then(() => app.timing.after(reopenMs, () => app.live.peek()?.connection.retryNow()));
  });
  const fleet = new FleetState({
    channel: connection.fleet,
    registry,
    sparklines,
    after: (ms, fn) => app.timing.after(ms, fn),
  });
  connection.fleet.on('presence', (change) => {
    if (change.presence === 'offline') tellOf(app, registry, change, app.language.t('presence.offline'));
  });
  const groups = new GroupStates({
    connection,
    make: (group, channel) =>
      new GroupState({
        group,
        channel,
        registry,
        now: () => app.timing.now(),
        random: newCommandId,
        onFailed: (command) => tellOf(app, registry, command, failureWords(app.language, command)),
      }),
  });
  return { connection, fleet, groups, registry, sparklines };
}

function tellOf(
  { notifier }: App,
  registry: Registry,
  { group, device }: { readonly group: string; readonly device: string },
  what: string,
): void {
  const title = registry.find(group, device)?.info.peek().title ?? device;
  notifier.tell({ title: plainText(title), what: plainText(what) });
}

function failureWords(language: Language, { name, error }: CommandRecord): string {
  const why = error === undefined ? '' : language.reason(error.code, error.message);
  return `${name}: ${language.t('control.failed', { why })}`;
}

/** `crypto.randomUUID` exists only in secure contexts; a hub on the local network is often plain http. */
function newCommandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
