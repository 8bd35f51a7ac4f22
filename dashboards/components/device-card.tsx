/** One device at a glance: is it alive, its two main values, its last hour, and its one main switch. */
import { hrefOf } from '../state/route.ts';
import { mainMetrics, mainSwitch } from '../format/main-metrics.ts';
import type { GroupState } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';
import { Control } from './control.tsx';
import { Name } from './name.tsx';
import { Presence } from './presence.tsx';
import { Sparkline } from './sparkline.tsx';
import { Age, LiveValue } from './value.tsx';

export function DeviceCard({
  state,
  group,
}: {
  readonly state: DeviceState;
  readonly group: GroupState | undefined;
}) {
  const info = state.info.value;
  const [first, second] = mainMetrics(info);
  const control = mainSwitch(info);
  const isFresh = info.presence === 'online';
  return (
    <article class={isFresh ? 'card' : 'card card-old'}>
      <h3 class="card-head">
        <a class="card-link" href={hrefOf({ screen: 'device', group: state.group, device: state.device })}>
          <Name text={info.title} />
        </a>
        <Simulated labels={info.labels} />
        <Presence state={state} />
      </h3>
      <div class="card-body">
        <div class="card-values">
          {first !== undefined && <LiveValue state={state} info={first} compact />}
          {second !== undefined && <LiveValue state={state} info={second} compact />}
        </div>
        {first !== undefined && <Sparkline state={state} info={first} />}
      </div>
      <div class="card-foot">
        <Age state={state} />
        {control !== undefined && group !== undefined && (
          <Control state={state} group={group} control={control} compact />
        )}
      </div>
    </article>
  );
}

export function Simulated({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const { language } = useApp();
  const says = labels['simulated'];
  if (says === undefined || says === 'false') return null;
  return <span class="badge">{language.t('badge.simulated')}</span>;
}
