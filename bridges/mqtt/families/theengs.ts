/**
 * Theengs decoder, as OpenMQTTGateway and Theengs Gateway publish it: `…/BTtoMQTT/<MAC>` with one object per
 * Bluetooth device. https://docs.openmqttgateway.com/use/ble.html  https://decoder.theengs.io/devices/devices.html
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import { KnownNames } from './known-names.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

type Fields = Readonly<Record<string, unknown>>;

const familyName = 'theengs';
const mac = /^[0-9A-F]{12}$/i;

const units: Readonly<Record<string, string>> = {
  hum: '%',
  batt: '%',
  moi: '%',
  fer: 'uS/cm',
  lux: 'lx',
  pres: 'hPa',
  volt: 'V',
  current: 'A',
  power: 'W',
  energy: 'kW.h',
  rssi: 'dB[mW]',
  co2: '[ppm]',
  pm25: 'ug/m3',
  pm10: 'ug/m3',
  for: 'mg/m3',
  lvl_cm: 'cm',
  lvl_in: '[in_i]',
  distance: 'm',
  tx: 'dB[mW]',
  accx: 'm/s2',
  accy: 'm/s2',
  accz: 'm/s2',
  bpm: '/min',
  act_bpm: '/min',
  impedance: 'Ohm',
};
/** What a gateway is and where: no measurements. */
const aboutGateway =
  /^(?:version|env|mqttport|mqttsecure|SSID|BSSID|ip|mac|ethernet|modules|discovery|disc|ohdisc)$/;
const gatewayUnits: Readonly<Record<string, string>> = {
  uptime: 's',
  freemem: 'By',
  rssi: 'dB[mW]',
  tempc: 'Cel',
};
/** Some devices have several probes, extremes and a dew point: `tempc2`, `tempc2_dp`. */
const probes: readonly (readonly [pattern: RegExp, unit: string])[] = [
  [/^tempc\d*(?:_(?:dp|min|max))?$/, 'Cel'],
  [/^tempf\d*(?:_(?:dp|min|max))?$/, '[degF]'],
];
/** What the gateway hears by other ways than Bluetooth: each is an event, remote controls repeat their code. */
const heard = /^(?:433|SRFB|IR|Pilight|RF)toMQTT$/;
/** Sensors wired to the gateway itself: `home/<gateway>/CLIMAtoMQTT/<sensor>`. Their names alone prove little. */
const wired = /^(CLIMA|ADC|HCSR501|HCSR04|GPIOInput|LUX|INA226|TSL2561|TEMT6000|LORA|Touch|ONOFF)toMQTT$/;
/** The base topic as it comes. */
const defaultBase = 'home';
const notMeasured =
  /^(?:id|mac|mac_type|name|brand|model|model_id|type|track|prmac|acts|cont|cidc|ctrl|encr|manufacturerdata|servicedata\w*|servicedatauuid|uuid|txpower|mfid|unit|device|packet|seq|adv_type|hass|host|gatewayMAC|cipher|ctr|mic)$/;

export const theengs: Family = {
  name: familyName,

  recognises({ levels, text, json, memory }: FamilyMessage): boolean {
    const last = levels.at(-1) ?? '';
    if (isWill(levels)) return presenceOf(text) !== undefined && isGateway(levels[1] ?? '', memory);
    if (isTold(levels)) return text !== undefined;
    if (!isPlainObject(json)) return false;
    if (isWired(levels)) return true;
    // The gateway itself, beside its devices.
    if (last === 'SYStoMQTT') return levels.length >= 3 && typeof json['uptime'] === 'number';
    if (heard.test(last)) return levels.length >= 3 && 'value' in json;
    if (levels.at(-2) === 'BTtoMQTT') return mac.test(last) || typeof json['model_id'] === 'string';
    return last === 'BTtoMQTT' && typeof json['id'] === 'string';
  },

  decode({ levels, text, json, memory }: FamilyMessage): FamilyOutcome {
    const gateway = levels.at(-2) ?? '';
    if (isWill(levels)) return { reports: [{ device: gateway, presence: presenceOf(text) }] };
    if (levels[0] === defaultBase) memory.of(KnownNames).tell(familyName, levels[1] ?? '');
    if (isTold(levels)) return { reports: [], aside: 'A command to a gateway of OpenMQTTGateway.' };
    const fields = json as Fields;
    if (isWired(levels)) return { reports: [readWired(levels, fields)] };
    const last = levels.at(-1) ?? '';
    if (heard.test(last))
      return { reports: [{ device: gateway, events: [{ name: last, data: fields as Json }] }] };
    const device = last === 'BTtoMQTT' ? String(fields['id']).replaceAll(':', '') : last;
    if (last === 'SYStoMQTT')
      return {
        reports: [
          {
            device: gateway,
            readings: readingsOf(fields, {
              unit: gatewayUnit,
              skip: ([first = '']) => aboutGateway.test(first),
            }),
          },
        ],
      };
    const unit = fields['unit'];
    const readings = readingsOf(fields, {
      skip: ([first = '']) => notMeasured.test(first),
      unit: ([first = '']) => unitOf(first, unit),
      isSentinel: (path, value) => isSentinel(fields['model_id'], path[0], value),
    });
    return { reports: [{ device, readings, events: pressOf(fields), description: describe(fields) }] };
  },
};

/** `home/<gateway>/commands/MQTTto…` */
function isTold(levels: readonly string[]): boolean {
  return levels[0] === defaultBase && levels[2] === 'commands' && /^MQTTto[A-Z0-9]/.test(levels[3] ?? '');
}

function isWired(levels: readonly string[]): boolean {
  return levels[0] === defaultBase && levels.length <= 5 && wired.test(levels[2] ?? '');
}

function readWired([, device = '', module = '', ...sensor]: readonly string[], fields: Fields): FamilyReport {
  const name = [module.replace(/toMQTT$/, ''), ...sensor].join('.');
  const readings = readingsOf(
    { [name]: fields },
    { unit: (path) => unitOf(path.at(-1) ?? '', undefined), skip: (path) => path.at(-1) === 'addr' },
  );
  return { device, readings };
}

/** By the name that it comes with, or by what else it has said: `home/…/LWT` may be anybody's. */
function isGateway(gateway: string, memory: FamilyMessage['memory']): boolean {
  return /^(?:OpenMQTTGateway|OMG|Theengs)/i.test(gateway) || memory.of(KnownNames).has(familyName, gateway);
}

function isWill(levels: readonly string[]): boolean {
  return levels.length === 3 && levels[0] === defaultBase && levels[2] === 'LWT';
}

/** What a button says is what somebody did with it; its number stays a reading too. */
function pressOf({ button }: Fields): FamilyEvent[] {
  const isPressed = typeof button === 'number' ? button > 0 : typeof button === 'string' && button !== 'none';
  return isPressed ? [{ name: 'button', data: { press: button as Json } }] : [];
}

function gatewayUnit([name = '']: readonly string[]): string | undefined {
  return Object.hasOwn(gatewayUnits, name) ? gatewayUnits[name] : undefined;
}

function unitOf(name: string, unit: unknown): string | undefined {
  // A scale says beside the weight what it is measured in.
  if (name === 'weight') return unit === 'kg' || unit === 'g' ? unit : unit === 'lb' ? '[lb_av]' : undefined;
  return Object.hasOwn(units, name) ? units[name] : probes.find(([pattern]) => pattern.test(name))?.[1];
}

/** RuuviTag's data format 5 sends the largest numbers for what it does not have. */
function isSentinel(model: unknown, name: string | undefined, value: number): boolean {
  if (typeof model !== 'string' || !model.startsWith('RuuviTag_RAWv2')) return false;
  if (name === 'tempc') return Math.abs(value) >= 163.83;
  if (name === 'tempf') return value >= 326.9 || value <= -262.8;
  if (name === 'hum') return value > 163.83;
  return name === 'pres' ? value >= 1155.34 : (name?.startsWith('acc') ?? false) && Math.abs(value) > 32.13;
}

function describe({ name, brand, model, mac: address }: Fields): DeviceDescription {
  const labels: Record<string, string> = {};
  if (typeof brand === 'string') labels['brand'] = brand;
  if (typeof address === 'string') labels['mac'] = address;
  return {
    ...(typeof name === 'string' ? { title: name } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    labels,
  };
}
