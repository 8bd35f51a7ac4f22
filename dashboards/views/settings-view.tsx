/** What this reader prefers on this machine; and, for admins, who may do what. */
import { Choice } from '../components/choice.tsx';
import { useApp } from '../components/context.ts';
import { locales } from '../locales/translate.ts';
import { themes } from '../state/preferences.ts';
import { HiddenDevices } from './hidden-devices.tsx';
import { Audit } from './settings-audit.tsx';
import { Files } from './settings-files.tsx';
import { Groups } from './settings-groups.tsx';
import { Retention } from './settings-retention.tsx';
import { Tokens } from './settings-tokens.tsx';

const languageNames = { en: 'English', 'zh-CN': '简体中文' } as const;

export function SettingsView() {
  const { language, session } = useApp();
  const isAdmin = session.may('token:manage');
  return (
    <>
      <h1>{language.t('settings.title')}</h1>
      <div class="settings">
        <Personal />
        <Notifications />
      </div>
      {session.may('device:manage') && <Groups />}
      {session.may('device:manage') && <Hidden />}
      {session.may('telemetry:write') && <Files />}
      {session.may('hub:manage') && <Retention />}
      {isAdmin && <Tokens />}
      {isAdmin && <Audit />}
      {!isAdmin && (
        <p class="hint">{language.t('settings.notAdmin', { role: session.who.value?.role ?? '' })}</p>
      )}
    </>
  );
}

function Hidden() {
  const { language } = useApp();
  return (
    <section class="panel tokens">
      <h2>{language.t('hidden.title')}</h2>
      {(['archived', 'denied'] as const).map((why) => (
        <HiddenDevices key={why} why={why} none={language.t(`hidden.none.${why}`)} />
      ))}
    </section>
  );
}

function Personal() {
  const { language, preferences } = useApp();
  const zone = language.zone.value;
  const setZone = (name: string): void => {
    language.zone.value = name === '' ? undefined : name;
    preferences.keepZone(language.zone.value);
  };
  return (
    <section class="panel">
      <h2>{language.t('settings.personal')}</h2>
      <Choice
        label={language.t('settings.theme')}
        value={preferences.theme.value}
        options={themes.map((theme) => [theme, language.t(`top.theme.${theme}`)])}
        choose={(value) => preferences.setTheme(themes.find((theme) => theme === value) ?? 'system')}
      />
      <Choice
        label={language.t('settings.language')}
        value={language.locale.value}
        options={locales.map((locale) => [locale, languageNames[locale]])}
        choose={(value) => {
          language.locale.value = locales.find((locale) => locale === value) ?? 'en';
          preferences.keepLocale(language.locale.value);
        }}
      />
      <Choice
        label={language.t('settings.zone')}
        value={zone ?? ''}
        options={[
          ['', language.t('settings.zoneOwn', { zone: ownZone() })],
          ...Intl.supportedValuesOf('timeZone').map((name) => [name, name.replaceAll('_', ' ')] as const),
        ]}
        choose={setZone}
      />
      <p class="hint">{language.t('settings.now', { time: language.time(useApp().now.value) })}</p>
    </section>
  );
}

function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Browsers let only secure pages notify, and only those that the reader allows. */
function Notifications() {
  const { language, preferences, notifier } = useApp();
  const permission = notifier.permission.value;
  const change = async (wanted: boolean): Promise<void> => {
    preferences.setNotify(wanted && (await notifier.ask()));
  };
  return (
    <section class="panel">
      <h2>{language.t('settings.notify')}</h2>
      <label class="check">
        <input
          type="checkbox"
          checked={preferences.notify.value && permission === 'granted'}
          disabled={permission === 'denied' || permission === 'impossible'}
          onChange={(event) => void change(event.currentTarget.checked)}
        />
        <span>{language.t('settings.notifyWhat')}</span>
      </label>
      <p class="hint">{language.t(`settings.notify.${permission}`)}</p>
    </section>
  );
}
