/**
 * What a Sparkplug node or device can be told: any metric of its birth, by NCMD or DCMD. People are offered those that
 * the birth calls writable. Spec: Sparkplug 3.0, 6.4.24 and 6.4.25.
 */
import type { Value } from '#contract/reading.ts';
import type { FamilyControl } from './control.ts';
import { DataType, propertiesOf } from './sparkplug-metrics.ts';
import { encodePayload, toLong, type SparkplugMetric } from '#contract/formats/sparkplug-payload.ts';

/** @param topic of its commands */
export function sparkplugControls(metric: SparkplugMetric, topic: string): FamilyControl[] {
  const { name, alias, datatype = 0 } = metric;
  if (name === undefined) return [];
  const field = fieldOf(datatype);
  if (field === undefined) return [];
  const { readOnly, min, max, unit } = propertiesOf(metric);
  if (readOnly === true) return [];
  const isSwitch = datatype === DataType.boolean;
  const isWritable = readOnly === false || name.startsWith('Outputs/');
  const hasRange = min !== undefined && max !== undefined && min < max;
  const metricName = name.replaceAll('/', '.');
  return [
    {
      name: metricName,
      metric: metricName,
      kind: isSwitch ? 'switch' : 'slider',
      ...(hasRange && !isSwitch ? { min, max } : {}),
      ...(unit === undefined || isSwitch ? {} : { unit }),
      ...(isWritable && (isSwitch || hasRange) ? {} : { isOffered: false }),
      tell: (wanted, { atMs }) => ({
        topic,
        payload: encodePayload(atMs, [
          {
            name,
            ...(alias === undefined ? {} : { alias }),
            datatype,
            [field]: wireValue(wanted, field, datatype),
          },
        ]),
      }),
    },
  ];
}

type Field = 'booleanValue' | 'intValue' | 'longValue' | 'floatValue' | 'doubleValue';

function fieldOf(datatype: number): Field | undefined {
  if (datatype === DataType.boolean) return 'booleanValue';
  if (datatype === DataType.float) return 'floatValue';
  if (datatype === DataType.double) return 'doubleValue';
  if (datatype === DataType.int64 || datatype === DataType.uint64 || datatype === DataType.uint32)
    return 'longValue';
  return datatype >= DataType.int8 && datatype < DataType.uint64 ? 'intValue' : undefined;
}

/** Two's complement in as many bits as the datatype has. */
function wireValue(wanted: Value, field: Field, datatype: number): unknown {
  if (typeof wanted !== 'number' || field === 'floatValue' || field === 'doubleValue') return wanted;
  const whole = Math.round(wanted);
  if (field === 'longValue') return toLong(whole);
  if (datatype === DataType.int8) return whole & 0xff;
  return datatype === DataType.int16 ? whole & 0xffff : whole >>> 0;
}
