/** The devices of a group as cards or as rows; only those near the screen are drawn, however many there are. */
import { useRef } from 'preact/hooks';
import { useApp } from '../components/context.ts';
import { DeviceCard } from '../components/device-card.tsx';
import { DeviceRow } from '../components/device-row.tsx';
import { useShownDevices } from '../components/shown-devices.ts';
import { useColumns, usePhone, useRowsNear } from '../components/windowed.ts';
import type { GroupState } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';

/** The sizes of `styles/cards.css`, px. */
const card = { leastPx: 232, gapPx: 12, rowPx: 156, phoneGapPx: 8, phoneRowPx: 136 } as const;
const tableRowPx = 44;
const phoneTableRowPx = 68;

interface DeviceListProps {
  readonly devices: readonly DeviceState[];
  readonly group: GroupState | undefined;
}

export function DeviceList(props: DeviceListProps) {
  const { preferences } = useApp();
  return preferences.layout.value === 'grid' ? <Cards {...props} /> : <Rows {...props} />;
}

function Cards({ devices, group }: DeviceListProps) {
  const host = useRef<HTMLDivElement>(null);
  const isPhone = usePhone();
  const gapPx = isPhone ? card.phoneGapPx : card.gapPx;
  const rowPx = isPhone ? card.phoneRowPx : card.rowPx;
  const fitting = useColumns(host, card.leastPx, gapPx);
  const columns = isPhone ? 1 : fitting;
  const rows = Math.ceil(devices.length / columns);
  const { from, to } = useRowsNear(host, rows, rowPx);
  const shown = devices.slice(from * columns, to * columns);
  useShownDevices(group, shown);
  return (
    <div class="windowed" ref={host} style={{ height: `${Math.max(0, rows * rowPx - gapPx)}px` }}>
      <div
        class="cards"
        style={{
          top: `${from * rowPx}px`,
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        }}
      >
        {shown.map((state) => (
          <DeviceCard key={state.device} state={state} group={group} />
        ))}
      </div>
    </div>
  );
}

function Rows({ devices, group }: DeviceListProps) {
  const { language } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const rowPx = usePhone() ? phoneTableRowPx : tableRowPx;
  const { from, to } = useRowsNear(host, devices.length, rowPx);
  const shown = devices.slice(from, to);
  useShownDevices(group, shown);
  return (
    <div
      class="device-table"
      role="table"
      aria-label={language.t('overview.table')}
      aria-rowcount={devices.length}
    >
      <div class="windowed" role="rowgroup" ref={host} style={{ height: `${devices.length * rowPx}px` }}>
        <div class="device-rows" role="presentation" style={{ top: `${from * rowPx}px` }}>
          {shown.map((state, index) => (
            <DeviceRow key={state.device} state={state} group={group} number={from + index + 1} />
          ))}
        </div>
      </div>
    </div>
  );
}
