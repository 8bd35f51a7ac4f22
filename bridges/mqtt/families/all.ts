/** Every family, in the order in which they are asked: the most certain first. Adding one is one line here. */
import { chirpstackGateway } from './chirpstack-gateway.ts';
import { chirpstack } from './chirpstack.ts';
import { collectd } from './collectd.ts';
import { emqx } from './emqx.ts';
import { emsEsp } from './ems-esp.ts';
import { esphome } from './esphome.ts';
import { evcc } from './evcc.ts';
import type { Family } from './family.ts';
import { frigate } from './frigate.ts';
import { homeassistantDiscovery } from './homeassistant-discovery.ts';
import { homeassistant } from './homeassistant.ts';
import { homie } from './homie.ts';
import { lineProtocol } from './line-protocol.ts';
import { meshtastic } from './meshtastic.ts';
import { mosquittoSys } from './mosquitto-sys.ts';
import { opendtu } from './opendtu.ts';
import { owntracks } from './owntracks.ts';
import { rtl433Fields } from './rtl433-fields.ts';
import { rtl433 } from './rtl433.ts';
import { senml } from './senml.ts';
import { shellyBlu } from './shelly-blu.ts';
import { shellyGen1 } from './shelly-gen1.ts';
import { shelly } from './shelly.ts';
import { smarthome } from './smarthome.ts';
import { sparkplug } from './sparkplug.ts';
import { tasmota } from './tasmota.ts';
import { theengs } from './theengs.ts';
import { thingsboard } from './thingsboard.ts';
import { ttn } from './ttn.ts';
import { valetudo } from './valetudo.ts';
import { vernemq } from './vernemq.ts';
import { victron } from './victron.ts';
import { wled } from './wled.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';
import { zwaveJs } from './zwave-js.ts';

export const families: readonly Family[] = [
  mosquittoSys,
  emqx,
  vernemq,
  sparkplug,
  zigbee2mqtt,
  tasmota,
  collectd,
  homie,
  wled,
  theengs,
  chirpstack,
  chirpstackGateway,
  ttn,
  thingsboard,
  owntracks,
  meshtastic,
  victron,
  evcc,
  opendtu,
  frigate,
  emsEsp,
  valetudo,
  zwaveJs,
  rtl433,
  rtl433Fields,
  shelly,
  shellyGen1,
  shellyBlu,
  esphome,
  senml,
  smarthome,
  homeassistantDiscovery,
  homeassistant,
  lineProtocol,
];
