/** Search, the state of the link, theme, language and who is logged in. */
import { locales } from '../locales/translate.ts';
import type { LinkName } from '../connection/link-state.ts';
import { hrefOf } from '../state/route.ts';
import { useApp } from './context.ts';
import { Icon } from './icons.tsx';
import { Mark } from './mark.tsx';
import type { Mood } from './mark.tsx';

export function TopBar({
  openSearch,
  openKeys,
}: {
  readonly openSearch: () => void;
  readonly openKeys: () => void;
}) {
  const { language, preferences, session } = useApp();
  const theme = preferences.theme.value;
  const themeLabel = language.t('top.theme', { theme: language.t(`top.theme.${theme}`) });
  const who = session.who.value;
  return (
    <header class="top">
      <button type="button" class="top-search" aria-label={language.t('top.search')} onClick={openSearch}>
        <Icon name="search" />
        <span>{language.t('top.search')}</span>
        <kbd>/</kbd>
      </button>
      <LinkMark />
      <button
        type="button"
        class="icon-button"
        title={themeLabel}
        aria-label={themeLabel}
        onClick={() => preferences.nextTheme()}
      >
        <Icon name={theme} />
      </button>
      <a
        class="icon-button narrow-only"
        href={hrefOf({ screen: 'settings' })}
        title={language.t('nav.settings')}
        aria-label={language.t('nav.settings')}
      >
        <Icon name="settings" />
      </a>
      <LanguageButton />
      <button
        type="button"
        class="icon-button wide-only"
        title={language.t('top.keys')}
        aria-label={language.t('top.keys')}
        onClick={openKeys}
      >
        <Icon name="keys" />
      </button>
      {who !== undefined && (
        <span class="top-who wide-only" title={language.t('top.person', { name: who.name, role: who.role })}>
          {who.role}
        </span>
      )}
      <button
        type="button"
        class="icon-button"
        title={language.t('top.logOut')}
        aria-label={language.t('top.logOut')}
        onClick={() => void session.logOut()}
      >
        <Icon name="logOut" />
      </button>
    </header>
  );
}

const moods: Readonly<Record<LinkName, Mood>> = {
  connecting: 'unknown',
  'catching-up': 'attention',
  live: 'good',
  stale: 'attention',
  offline: 'bad',
  denied: 'bad',
};

function LinkMark() {
  const { language, link } = useApp();
  const { name, latencyMs } = link.value;
  return (
    <span class={`link link-${name}`} role="status" data-link={name}>
      <Mark mood={moods[name]} />
      <span>{language.t(`link.${name}`)}</span>
      {name === 'live' && latencyMs !== undefined && (
        <span class="link-latency">{language.t('link.latency', { ms: Math.round(latencyMs) })}</span>
      )}
    </span>
  );
}

function LanguageButton() {
  const { language, preferences } = useApp();
  const next = locales[(locales.indexOf(language.locale.value) + 1) % locales.length] ?? 'en';
  const change = (): void => {
    language.locale.value = next;
    preferences.keepLocale(next);
  };
  return (
    <button
      type="button"
      class="icon-button wide-only"
      title={language.t('top.language')}
      aria-label={language.t('top.language')}
      onClick={change}
    >
      <span aria-hidden="true">{next === 'en' ? 'EN' : '中'}</span>
    </button>
  );
}

/** A line across the page when what is shown may no longer be so. */
export function LinkBanner() {
  const { language, link, live } = useApp();
  const { name, since } = link.value;
  if (name !== 'offline' && name !== 'stale') return null;
  // A time stands still: an alert that counted would be read out again and again.
  const time = language.time(since);
  return (
    <div class={`banner banner-${name}`} role="alert">
      <Mark mood={moods[name]} />
      <span>{language.t(name === 'offline' ? 'link.offlineBanner' : 'link.staleBanner', { time })}</span>
      <button type="button" class="button small" onClick={() => live.value?.connection.retryNow()}>
        {language.t('link.retry')}
      </button>
    </div>
  );
}
