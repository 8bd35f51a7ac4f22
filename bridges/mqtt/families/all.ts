/** Every family, in the order in which they are asked: the most certain first. Adding one is one line here. */
import { collectd } from './collectd.ts';
import type { Family } from './family.ts';
import { homeassistant } from './homeassistant.ts';
import { mosquittoSys } from './mosquitto-sys.ts';
import { tasmota } from './tasmota.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

export const families: readonly Family[] = [mosquittoSys, zigbee2mqtt, tasmota, collectd, homeassistant];
