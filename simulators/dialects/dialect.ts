/** How a device family writes its messages to MQTT and reads its commands. No connection, no clock. */
import type { DeviceCommand, DeviceIdentity, DeviceMessage } from '../messages.ts';
import type { Scalar } from '../models/model.ts';

export interface MqttPublish {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly retain?: boolean | undefined;
  /** Where it differs from the dialect's. */
  readonly qos?: 0 | 1 | undefined;
}

export interface Dialect {
  readonly name: string;
  /** What devices of the family publish with as they come from their makers. */
  readonly qos: 0 | 1;
  /** One message may be several publishes, or none where the family has no word for it. */
  encode(message: DeviceMessage, device: DeviceIdentity): readonly MqttPublish[];
  /** Said after each connect: presence first, then what the device is. */
  hello(device: DeviceIdentity): readonly MqttPublish[];
  /** Said at a proper end; the same bytes are the will. */
  farewell(device: DeviceIdentity): MqttPublish;
  commandFilters(device: DeviceIdentity): readonly string[];
  /** Undefined: not a command of this family. */
  decode(
    topic: string,
    payload: string,
    device: DeviceIdentity,
    bytes?: Uint8Array,
  ): DeviceCommand | undefined;
  /** For a family whose devices count their messages: the words of one device. */
  forDevice?(): Dialect;
  /** A new connection begins; its will is asked for next. */
  connecting?(): void;
  /** What the family's rules want to be said at once to a message that is no command. */
  reply?(topic: string, bytes: Uint8Array, device: DeviceIdentity): readonly MqttPublish[];
}

/** Units as people write them; the same as in UCUM where they are not listed. */
const spelled: Readonly<Record<string, string>> = {
  Cel: '°C',
  deg: '°',
  '[ppm]': 'ppm',
  'kW.h': 'kWh',
};

export function spelledUnit(ucum: string): string {
  return spelled[ucum] ?? ucum;
}

/** Many families say a switch's state in capitals. */
export function onOff(value: Scalar): Scalar {
  return typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : value;
}

/** JSON from outside: undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
