/** What the uplinks of all LoRaWAN network servers have in common. Pure. */
import { isPlainObject } from '#contract/formats/json.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What codecs return for a probe that is not there: the largest 16-bit tenths and hundredths. */
const sentinels: ReadonlySet<number> = new Set([327.67, 327.68, -327.68, 3276.7, -3276.8, 6553.5]);

export function isLorawanSentinel(_path: readonly string[], value: number): boolean {
  return sentinels.has(value);
}

/** Several gateways hear one uplink: how well the best one did is what the device's radio is like. */
export function strongest(gateways: unknown): Fields {
  if (!Array.isArray(gateways)) return {};
  const heard = gateways.filter(
    (gateway: unknown) => isPlainObject(gateway) && typeof gateway['rssi'] === 'number',
  ) as Fields[];
  const best = heard.reduce<Fields | undefined>(
    (one, other) => (one === undefined || Number(other['rssi']) > Number(one['rssi']) ? other : one),
    undefined,
  );
  // ChirpStack 3 names it after the modulation.
  const snr = best?.['snr'] ?? best?.['loRaSNR'];
  return best === undefined ? {} : { rssi: best['rssi'], ...(snr === undefined ? {} : { snr }) };
}

export function pick(fields: Fields, keys: readonly string[]): Fields {
  const picked: Record<string, unknown> = {};
  for (const key of keys) if (fields[key] !== undefined) picked[key] = fields[key];
  return picked;
}

export function radioUnit([name]: readonly string[]): string | undefined {
  if (name === 'rssi') return 'dB[mW]';
  return name === 'snr' ? 'dB' : undefined;
}

export function locationUnit(path: readonly string[]): string | undefined {
  const name = path.at(-1);
  if (name === 'altitude' || name === 'accuracy') return 'm';
  return name === 'latitude' || name === 'longitude' ? 'deg' : undefined;
}

/** Codecs name units at the end, and Cayenne LPP has a fixed set of names with a channel behind. */
const codecUnits: readonly (readonly [name: RegExp, unit: string])[] = [
  [/^TempC_/, 'Cel'],
  [/_mA$/, 'mA'],
  [/_mV$/, 'mV'],
  [/_V$/, 'V'],
  [/^temperature_\d+$/, 'Cel'],
  [/^relative_humidity_\d+$/, '%'],
  [/^barometric_pressure_\d+$/, 'hPa'],
  [/^luminosity_\d+$/, 'lx'],
];

/** The unit of a value that a codec made; most codecs say none. https://docs.mydevices.com/docs/lorawan/cayenne-lpp */
export function codecUnit(path: readonly string[]): string | undefined {
  const name = path.at(-1) ?? '';
  return locationUnit(path) ?? codecUnits.find(([pattern]) => pattern.test(name))?.[1];
}
