/**
 * What a Home Assistant discovery message says about a device: names, units, classes, controls. Pure.
 * https://www.home-assistant.io/integrations/mqtt/#discovery-payload
 */
import type { Control, DeviceDescription, MetricInfo } from '#contract/device.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { toUcum } from '#contract/formats/units.ts';
import type { EntityConfig } from './homeassistant-config.ts';

const controlKinds: Readonly<Record<string, Control['kind']>> = {
  switch: 'switch',
  light: 'switch',
  fan: 'switch',
  number: 'slider',
  button: 'button',
};

/** @param metric undefined if the message does not tell what its value is called */
export function describeEntity(
  entity: EntityConfig,
  metric: string | undefined,
  path: readonly string[] | undefined,
): DeviceDescription {
  const device = isPlainObject(entity.fields['device']) ? entity.fields['device'] : {};
  const { name: title, model, manufacturer } = device;
  const control = controlOf(entity, metric);
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof manufacturer === 'string' ? { labels: { manufacturer } } : {}),
    ...(metric === undefined ? {} : { metrics: [metricInfo(entity, metric, path)] }),
    ...(control === undefined ? {} : { controls: [control] }),
  };
}

function metricInfo(entity: EntityConfig, metric: string, path: readonly string[] | undefined): MetricInfo {
  const { name: title, device_class: kind, suggested_display_precision: precision } = entity.fields;
  const unit = unitOf(entity, path);
  return {
    metric,
    ...(typeof title === 'string' ? { title } : {}),
    ...(unit === undefined ? {} : { unit }),
    ...(typeof kind === 'string' ? { class: kind } : {}),
    ...(typeof precision === 'number' ? { precision } : {}),
  };
}

function controlOf(entity: EntityConfig, metric: string | undefined): Control | undefined {
  const kind = controlKinds[entity.component];
  const { command_topic: topic, name: title, min, max, step } = entity.fields;
  if (kind === undefined || typeof topic !== 'string') return undefined;
  return {
    name: entity.key.split('/').at(-1) ?? entity.key,
    kind,
    ...(typeof title === 'string' ? { title } : {}),
    ...(metric === undefined ? {} : { metric }),
    ...(typeof min === 'number' ? { min } : {}),
    ...(typeof max === 'number' ? { max } : {}),
    ...(typeof step === 'number' ? { step } : {}),
  };
}

export function unitOf(
  { component, fields }: EntityConfig,
  path: readonly string[] | undefined,
): string | undefined {
  const { unit_of_measurement: unit, device_class: kind } = fields;
  // A template that computes may change the unit too.
  if (typeof unit !== 'string' || path === undefined || (component !== 'sensor' && component !== 'number'))
    return undefined;
  if (kind === 'temperature' && (unit === 'C' || unit === 'F')) return unit === 'C' ? 'Cel' : '[degF]';
  return toUcum(unit);
}
