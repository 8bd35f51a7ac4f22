/**
 * What a Home Assistant discovery message says about a device: names, units, classes. Pure.
 * https://www.home-assistant.io/integrations/mqtt/#discovery-payload
 */
import type { DeviceDescription, MetricInfo } from '#contract/device.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { toUcum } from '#contract/formats/units.ts';
import type { EntityConfig } from './homeassistant-config.ts';

/** @param metric undefined if the message does not tell what its value is called */
export function describeEntity(
  entity: EntityConfig,
  metric: string | undefined,
  path: readonly string[] | undefined,
  suffix = '',
): DeviceDescription {
  const device = isPlainObject(entity.fields['device']) ? entity.fields['device'] : {};
  const { name: title, model, manufacturer } = device;
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof manufacturer === 'string' ? { labels: { manufacturer } } : {}),
    ...(metric === undefined ? {} : { metrics: [metricInfo(entity, metric, unitOf(entity, path, suffix))] }),
  };
}

function metricInfo(entity: EntityConfig, metric: string, unit: string | undefined): MetricInfo {
  const { name: title, device_class: kind, suggested_display_precision: precision } = entity.fields;
  return {
    metric,
    ...(typeof title === 'string' ? { title } : {}),
    ...(unit === undefined ? {} : { unit }),
    ...(typeof kind === 'string' ? { class: kind } : {}),
    ...(typeof precision === 'number' ? { precision } : {}),
  };
}

export function unitOf(
  { component, fields }: EntityConfig,
  path: readonly string[] | undefined,
  suffix = '',
): string | undefined {
  const { unit_of_measurement: unit, device_class: kind, temperature_unit: degrees } = fields;
  const isOfClimate = component === 'climate' || component === 'water_heater';
  if (isOfClimate && suffix.endsWith('temperature') && (degrees === 'C' || degrees === 'F'))
    return degrees === 'C' ? 'Cel' : '[degF]';
  // A template that computes may change the unit too.
  if (typeof unit !== 'string' || path === undefined || (component !== 'sensor' && component !== 'number'))
    return undefined;
  if (kind === 'temperature' && (unit === 'C' || unit === 'F')) return unit === 'C' ? 'Cel' : '[degF]';
  return toUcum(unit);
}
