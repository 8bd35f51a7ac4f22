/** An HTTP edge over a real registry. */
import { DeviceRegistry } from '../../../hub/devices/registry.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeDeviceStore } from '../devices/fake-device-store.ts';
import { HttpRig } from './support.ts';

export async function rigWithRegistry(
  approval = false,
): Promise<{ rig: HttpRig; devices: DeviceRegistry; store: FakeDeviceStore }> {
  const store = new FakeDeviceStore();
  const parts = { store, clock: new ManualClock(), log: silentLog, counters: new CountersProbe(), approval };
  const devices = await DeviceRegistry.open(parts);
  const rig = await HttpRig.start({ devices, management: devices.management });
  return { rig, devices, store };
}
