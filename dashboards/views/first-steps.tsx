/** For a hub without devices: how the first reading gets here. */
import { useApp } from '../components/context.ts';
import { CopyBlock } from '../components/copy-block.tsx';

const placeholder = 'TOKEN';
const tokenCommand = 'node hub/cli.ts token --role device --group home --device thermo-1';

export function FirstSteps() {
  const { language } = useApp();
  const { origin, hostname } = window.location;
  const [before, between, after] = language
    .t('first.token', { placeholder: '\n', command: '\n' })
    .split('\n');
  const curl = [
    `curl -X POST ${origin}/api/v1/groups/home/devices/thermo-1/telemetry`,
    `-H 'authorization: Bearer ${placeholder}' -H 'content-type: application/json'`,
    `-d '{"temperature": 21.4}'`,
  ].join(' \\\n  ');
  const mosquitto = [
    `mosquitto_pub -h ${hostname} -p 1883 -u thermo-1 -P ${placeholder} -q 1`,
    `-t signalbox/home/thermo-1/telemetry -m '{"temperature": 21.4}'`,
  ].join(' \\\n  ');
  const node = [
    `import { io } from 'socket.io-client';`,
    `const socket = io('${origin}/home', { auth: { token: '${placeholder}', device: 'thermo-1' } });`,
    `console.log(await socket.emitWithAck('telemetry', { temperature: 21.4 }));`,
  ].join('\n');
  return (
    <section class="first-steps">
      <h1>{language.t('first.title')}</h1>
      <p>{language.t('first.lead')}</p>
      <CopyBlock title={language.t('first.http')} text={curl} />
      <CopyBlock title={language.t('first.mqtt')} text={mosquitto} />
      <CopyBlock title={language.t('first.node')} text={node} />
      <p class="hint">
        {before}
        <code>{placeholder}</code>
        {between}
        <code>{tokenCommand}</code>
        {after}
      </p>
      <CopyBlock title={language.t('first.demo')} text="npm run demo" />
    </section>
  );
}
