/** One device: its values, its charts that join history and live, its controls and its story. */
import { useEffect, useState } from 'preact/hooks';
import { useApp, useGroup } from '../components/context.ts';
import { Control } from '../components/control.tsx';
import { Simulated } from '../components/device-card.tsx';
import { Icon } from '../components/icons.tsx';
import { Loading, Message } from '../components/message.tsx';
import { Name } from '../components/name.tsx';
import { Presence } from '../components/presence.tsx';
import { Age } from '../components/value.tsx';
import { plainText } from '../format/text.ts';
import { ChartSession } from '../state/chart-session.ts';
import type { GroupState } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';
import { hrefOf } from '../state/route.ts';
import { ranges } from '../state/viewport.ts';
import type { RangeName } from '../state/viewport.ts';
import { DeviceCharts } from './device-charts.tsx';
import { DeviceEdit } from './device-edit.tsx';
import { DeviceStory } from './device-story.tsx';
import { neighbourOf } from './neighbours.ts';
import { ValueStrip } from './value-strip.tsx';

const fewestPoints = 300;
const mostPoints = 2400;

interface Address {
  readonly group: string;
  readonly device: string;
}

/** A group that is not there yet has no namespace to ask: it is opened when the fleet tells of it. */
export function DeviceView({ group, device }: Address) {
  const { language, live } = useApp();
  const groups = live.value?.fleet.groups.value;
  if (groups === undefined) return <Loading text={language.t('overview.loading')} />;
  if (!groups.some((known) => known.group === group)) return <Unknown group={group} device={device} />;
  return <DeviceOfGroup group={group} device={device} />;
}

function DeviceOfGroup({ group, device }: Address) {
  const { language, live } = useApp();
  const state = useGroup(group);
  const devices = live.value?.registry.list(group).value;
  const found = devices?.find((candidate) => candidate.device === device);
  const failed = state?.failed.value;
  if (devices === undefined && failed === undefined) return <Loading text={language.t('overview.loading')} />;
  if (found === undefined || state === undefined) return <Unknown group={group} device={device} />;
  return <KnownDevice key={`${group}/${device}`} state={found} group={state} />;
}

function Unknown({ group, device }: Address) {
  const { language } = useApp();
  const names = { device: plainText(device, 64), group: plainText(group, 64) };
  return (
    <Message title={language.t('device.unknown', names)} mood="unknown">
      <p>{language.t('device.gone')}</p>
      <a class="button" href="#/">
        {language.t('notFound.next')}
      </a>
    </Message>
  );
}

function KnownDevice({ state, group }: { readonly state: DeviceState; readonly group: GroupState }) {
  const { language } = useApp();
  const session = useChartSession(state, group);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const { controls } = state.info.value;
  return (
    <article class={controls.length > 0 ? 'device' : 'device device-plain'}>
      <DeviceHead state={state} session={session} />
      <ValueStrip state={state} hidden={hidden} toggle={toggle} />
      {controls.length > 0 && (
        <section class="panel controls">
          <h2>{language.t('device.controls')}</h2>
          {controls.map((control) => (
            <Control key={control.name} state={state} group={group} control={control} />
          ))}
        </section>
      )}
      {session !== undefined && <DeviceCharts state={state} session={session} hidden={hidden} />}
      <DeviceStory state={state} group={group} />
      <DeviceEdit state={state} />
    </article>
  );
}

/** About one point per pixel: finer is not seen, and more is only slower. */
function pointsAcross(width: number): number {
  return Math.min(mostPoints, Math.max(fewestPoints, Math.round(width * 0.75)));
}

function useChartSession(state: DeviceState, group: GroupState): ChartSession | undefined {
  const { live, timing } = useApp();
  const registry = live.value?.registry;
  const [session, setSession] = useState<ChartSession | undefined>(undefined);
  useEffect(() => {
    const made = new ChartSession({
      channel: group.channel,
      device: state.device,
      timing,
      onLatest: (readings) => registry?.note(readings, state.group),
      points: pointsAcross(document.documentElement.clientWidth),
      seriesCount: () => Math.max(state.series.peek().length, state.info.peek().metrics.length),
    });
    setSession(made);
    return () => made.close();
  }, [state, group, timing, registry]);
  return session;
}

function DeviceHead({
  state,
  session,
}: {
  readonly state: DeviceState;
  readonly session: ChartSession | undefined;
}) {
  const { language, live } = useApp();
  const info = state.info.value;
  const devices = live.value?.registry.list(state.group).value ?? [];
  const group = live.value?.fleet.groups.value?.find((candidate) => candidate.group === state.group);
  return (
    <header class="device-head">
      <h1>
        <Name text={info.title} />
        <Simulated labels={info.labels} />
      </h1>
      <p class="device-facts">
        <Presence state={state} withWords />
        <Age state={state} />
        <a href={hrefOf({ screen: 'group', group: state.group })}>
          <Name text={group?.title ?? state.group} />
        </a>
        {info.model !== undefined && <Name text={info.model} />}
      </p>
      <nav class="neighbours">
        {([-1, 1] as const).map((step) => {
          const next = neighbourOf(devices, state.device, step);
          const label = language.t(step === -1 ? 'device.previous' : 'device.next');
          return (
            <a
              key={step}
              class="icon-button"
              href={hrefOf({ screen: 'device', group: state.group, device: next?.device ?? state.device })}
              title={label}
              aria-label={label}
            >
              <Icon name={step === -1 ? 'back' : 'forward'} />
            </a>
          );
        })}
      </nav>
      {session !== undefined && <Ranges session={session} />}
    </header>
  );
}

function Ranges({ session }: { readonly session: ChartSession }) {
  const { language } = useApp();
  const isLive = session.viewport.value.endMs === undefined;
  return (
    <div class="ranges" role="group" aria-label={language.t('device.range')}>
      {(Object.keys(ranges) as RangeName[]).map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={isLive && session.range.value === range}
          onClick={() => session.setRange(range)}
        >
          {language.t(`range.${range}`)}
        </button>
      ))}
      <button
        type="button"
        class={isLive ? 'live-marker live-on' : 'live-marker'}
        title={language.t('device.follow')}
        aria-pressed={isLive}
        onClick={() => session.returnToLive()}
      >
        {language.t(isLive ? 'device.live' : 'device.paused')}
      </button>
    </div>
  );
}
