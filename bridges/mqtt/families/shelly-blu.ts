/**
 * Shelly BLU sensors, relayed by the script that Shelly publishes for its gateways: BTHome as one JSON object per
 * Bluetooth advertisement, on any topic. The keys are its proof.
 * https://bthome.io/format/  https://github.com/ALLTERCO/shelly-script-examples
 */
import type { Json } from '#contract/event.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';

type Fields = Readonly<Record<string, unknown>>;

const address = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
/** BTHome fixes the units. */
const units: Readonly<Record<string, string>> = {
  temperature: 'Cel',
  humidity: '%',
  battery: '%',
  illuminance: 'lx',
  rotation: 'deg',
  rssi: 'dB[mW]',
};
const notMeasured = /^(?:BTHome_version|encryption|pid|address|button)$/;

export const shellyBlu: Family = {
  name: 'shelly',

  recognises({ json }: FamilyMessage): boolean {
    if (!isPlainObject(json) || typeof json['BTHome_version'] !== 'number') return false;
    return typeof json['address'] === 'string' && address.test(json['address']);
  },

  decode({ json }: FamilyMessage): FamilyOutcome {
    const fields = json as Fields;
    const readings = readingsOf(fields, {
      skip: ([first = '']) => notMeasured.test(first),
      unit: ([first = '']) => (Object.hasOwn(units, first) ? units[first] : undefined),
    });
    return { reports: [{ device: String(fields['address']), readings, events: pressesOf(fields) }] };
  },
};

/** One number for each button; 0 is a button that was not pressed. */
function pressesOf({ button }: Fields): FamilyEvent[] {
  const presses: readonly unknown[] = Array.isArray(button) ? button : [button];
  return presses.flatMap((press, index) =>
    press === undefined || press === 0
      ? []
      : [{ name: 'button', data: { button: index, press: press as Json } }],
  );
}
