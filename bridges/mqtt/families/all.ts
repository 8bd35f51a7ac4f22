/** Every family, in the order in which they are asked: the most certain first. Adding one is one line here. */
import { chirpstack } from './chirpstack.ts';
import { collectd } from './collectd.ts';
import { esphome } from './esphome.ts';
import type { Family } from './family.ts';
import { homeassistant } from './homeassistant.ts';
import { homeassistantDiscovery } from './homeassistant-discovery.ts';
import { homie } from './homie.ts';
import { mosquittoSys } from './mosquitto-sys.ts';
import { owntracks } from './owntracks.ts';
import { rtl433 } from './rtl433.ts';
import { senml } from './senml.ts';
import { shelly } from './shelly.ts';
import { tasmota } from './tasmota.ts';
import { theengs } from './theengs.ts';
import { wled } from './wled.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

export const families: readonly Family[] = [
  mosquittoSys,
  zigbee2mqtt,
  tasmota,
  collectd,
  homie,
  wled,
  theengs,
  chirpstack,
  owntracks,
  rtl433,
  shelly,
  esphome,
  senml,
  homeassistantDiscovery,
  homeassistant,
];
