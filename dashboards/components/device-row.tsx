/** One device in one line: presence, name, two main values, last hour, age, its one main switch. */
import { hrefOf } from '../state/route.ts';
import { mainMetrics, mainSwitch } from '../format/main-metrics.ts';
import type { GroupState } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';
import { Control } from './control.tsx';
import { Simulated } from './device-card.tsx';
import { Name } from './name.tsx';
import { Presence } from './presence.tsx';
import { Sparkline } from './sparkline.tsx';
import { Age, LiveValue } from './value.tsx';

export function DeviceRow(props: {
  readonly state: DeviceState;
  readonly group: GroupState | undefined;
  /** Its place in the whole list, from 1. */
  readonly number: number;
}) {
  const { state, group, number } = props;
  const info = state.info.value;
  const [first, second] = mainMetrics(info);
  const control = mainSwitch(info);
  return (
    <div
      class={info.presence === 'online' ? 'device-row' : 'device-row card-old'}
      role="row"
      aria-rowindex={number}
    >
      <span role="rowheader" class="device-row-name">
        <Presence state={state} />
        <a href={hrefOf({ screen: 'device', group: state.group, device: state.device })}>
          <Name text={info.title} />
        </a>
        <Simulated labels={info.labels} />
      </span>
      <span role="cell">{first !== undefined && <LiveValue state={state} info={first} compact />}</span>
      <span role="cell">{second !== undefined && <LiveValue state={state} info={second} compact />}</span>
      <span role="cell" class="device-row-spark">
        {first !== undefined && <Sparkline state={state} info={first} />}
      </span>
      <span role="cell">
        <Age state={state} />
      </span>
      <span role="cell">
        {control !== undefined && group !== undefined && (
          <Control state={state} group={group} control={control} compact />
        )}
      </span>
    </div>
  );
}
