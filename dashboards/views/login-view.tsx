/** The way in: a link that was opened, or a token that is pasted. */
import { useState } from 'preact/hooks';
import type { SessionTrouble } from '../state/session.ts';
import type { TextKey } from '../locales/en.ts';
import { useApp } from '../components/context.ts';
import { Lamp } from '../components/icons.tsx';
import { Mark } from '../components/mark.tsx';

const troubles: Readonly<Record<Exclude<SessionTrouble, undefined>, TextKey>> = {
  'bad-code': 'login.badCode',
  'bad-token': 'login.badToken',
  ended: 'login.ended',
  unreachable: 'login.unreachable',
};

export function LoginView() {
  const { language, session } = useApp();
  const [token, setToken] = useState('');
  const phase = session.phase.value;
  const trouble = session.trouble.value;
  const isBusy = phase === 'checking' || phase === 'working';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const pasted = token.trim();
    setToken('');
    if (pasted !== '') void session.logIn({ token: pasted });
  };
  const [lead, after] = language.t('login.another', { command: '\n' }).split('\n');
  return (
    <main class="login" id="content">
      <h1>
        <Lamp />
        {language.t('app.name')}
      </h1>
      <p>{language.t('login.lead')}</p>
      <p class="hint">
        {lead}
        <code>npm run login-link</code>
        {after}
      </p>
      <form onSubmit={submit}>
        <label>
          <span>{language.t('login.token')}</span>
          <input
            type="password"
            name="token"
            autocomplete="current-password"
            value={token}
            disabled={isBusy}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button primary" disabled={isBusy || token.trim() === ''}>
          {language.t('login.submit')}
        </button>
      </form>
      <p class="login-state" role="status">
        {trouble !== undefined && <Mark mood={trouble === 'unreachable' ? 'attention' : 'bad'} />}
        {trouble !== undefined && language.t(troubles[trouble])}
        {trouble === undefined &&
          isBusy &&
          language.t(phase === 'working' ? 'login.working' : 'login.checking')}
      </p>
    </main>
  );
}
