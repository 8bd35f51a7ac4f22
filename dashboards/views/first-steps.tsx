/** For a hub without devices: a token at the press of a button, and the lines that send the first reading with it. */
import { useCallback, useState } from 'preact/hooks';
import type { EdgeStatus } from '#contract/status.ts';
import { HttpProblem } from '../api/http.ts';
import { useApp } from '../components/context.ts';
import { CopyBlock } from '../components/copy-block.tsx';
import { useFetched } from '../components/use-fetched.ts';
import { firstDevice, firstLines } from '../format/first-lines.ts';

const refreshMs = 10_000;
const placeholder = '<token>';

export function FirstSteps() {
  const { language, api, session } = useApp();
  const [token, setToken] = useState<string | undefined>(undefined);
  const { item: status } = useFetched(
    useCallback(() => api.status(), [api]),
    refreshMs,
  );
  const { origin, hostname } = window.location;
  const lines = firstLines({
    origin,
    hostname,
    mqttPort: mqttPortOf(status?.edges ?? []),
    token: token ?? placeholder,
  });
  return (
    <section class="first-steps">
      <h1>{language.t('first.title')}</h1>
      {session.may('token:manage') ? (
        <MakeToken token={token} made={setToken} />
      ) : (
        <p>{language.t('first.askAdmin', { token: placeholder })}</p>
      )}
      {lines.mosquitto !== undefined && <CopyBlock title={language.t('first.mqtt')} text={lines.mosquitto} />}
      <CopyBlock title={language.t('first.http')} text={lines.curl} />
      <CopyBlock title={language.t('first.node')} text={lines.node} />
      <CopyBlock title={language.t('first.python')} text={lines.python} />
      <CopyBlock title={language.t('first.demo')} text="npm run demo" />
      <p class="waiting" role="status">
        <span class="pending-mark" aria-hidden="true" />
        {language.t('first.waiting')}
      </p>
    </section>
  );
}

function MakeToken(props: { readonly token: string | undefined; readonly made: (token: string) => void }) {
  const { language, api } = useApp();
  const [trouble, setTrouble] = useState('');
  const { group, device } = firstDevice;
  const make = async (): Promise<void> => {
    try {
      const made = await api.makeToken({ name: device, role: 'device', groups: [group], device });
      props.made(made.secret);
      setTrouble('');
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      setTrouble(language.reason(error.code, error.message));
    }
  };
  return (
    <>
      <p>{language.t(props.token === undefined ? 'first.lead' : 'first.run')}</p>
      {props.token === undefined && (
        <button type="button" class="button primary" onClick={() => void make()}>
          {language.t('first.make', { device })}
        </button>
      )}
      {trouble !== '' && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}

/** Where the embedded broker listens, as the hub says. */
function mqttPortOf(edges: readonly EdgeStatus[]): string | undefined {
  const broker = edges.find(({ name, address }) => name.startsWith('mqtt') && address !== undefined);
  return /:(\d+)$/.exec(broker?.address ?? '')?.[1];
}
