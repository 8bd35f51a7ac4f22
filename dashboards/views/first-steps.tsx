/** For a hub without devices: how the first reading gets here. */
import { useCallback } from 'preact/hooks';
import type { EdgeStatus } from '#contract/status.ts';
import { useApp } from '../components/context.ts';
import { CopyBlock } from '../components/copy-block.tsx';
import { useFetched } from '../components/use-fetched.ts';

const refreshMs = 10_000;
const mqttPort = '1883';
const nextLine = ' \\\n  ';

export function FirstSteps() {
  const { language, api } = useApp();
  const { item: status } = useFetched(
    useCallback(() => api.status(), [api]),
    refreshMs,
  );
  const lines = firstLines(window.location, portOf(status?.edges ?? []));
  return (
    <section class="first-steps">
      <h1>{language.t('first.title')}</h1>
      <p>{language.t('first.lead')}</p>
      <CopyBlock title={language.t('first.token')} text={lines.token} />
      <CopyBlock title={language.t('first.http')} text={lines.http} />
      <CopyBlock title={language.t('first.mqtt')} text={lines.mqtt} />
      <CopyBlock title={language.t('first.node')} text={lines.node} />
      <CopyBlock title={language.t('first.demo')} text="npm run demo" />
    </section>
  );
}

/** Where the embedded broker listens, as the hub says. */
function portOf(edges: readonly EdgeStatus[]): string {
  const broker = edges.find(({ name, address }) => name.startsWith('mqtt') && address !== undefined);
  return /:(\d+)$/.exec(broker?.address ?? '')?.[1] ?? mqttPort;
}

function firstLines({ origin, hostname }: Location, port: string) {
  const json = `-H 'Content-Type: application/json'`;
  return {
    token: [
      `TOKEN=$(curl -s ${origin}/api/v1/tokens`,
      `-H "Authorization: Bearer $(cat data/admin-token)" ${json}`,
      `-d '{"name":"thermo-1","role":"device","groups":["home"],"device":"thermo-1"}'`,
      `| sed 's/.*"secret":"\\([^"]*\\)".*/\\1/')`,
    ].join(nextLine),
    http: [
      `curl ${origin}/api/v1/groups/home/devices/thermo-1/telemetry`,
      `-H "Authorization: Bearer $TOKEN" ${json}`,
      `-d '{"temperature": 21.4}'`,
    ].join(nextLine),
    mqtt: [
      `mosquitto_pub -h ${hostname} -p ${port} -u thermo-1 -P "$TOKEN" -q 1`,
      `-t signalbox/home/thermo-1/telemetry -m '{"temperature": 21.4}'`,
    ].join(nextLine),
    node: [
      `TOKEN=$TOKEN node --input-type=module -e "`,
      `  import { io } from 'socket.io-client';`,
      `  const socket = io('${origin}/home', { auth: { token: process.env.TOKEN } });`,
      `  console.log(await socket.emitWithAck('telemetry', { temperature: 21.4 }));`,
      `  socket.close();"`,
    ].join('\n'),
  };
}
