/**
 * What a Shelly of generation 2 or later can be told, seen from its components: an RPC call on `<prefix>/rpc`, answered
 * on our own topic with the id of the command.
 * https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Switch (Light, Cover, Boolean, Number)
 */
import { isPlainObject } from '#contract/formats/json.ts';
import type { Value } from '#contract/reading.ts';
import type { FamilyControl } from './control.ts';

/** Who calls: the device answers on `<src>/rpc`. */
const src = 'signalbox-commands';
export const answerTopic = `${src}/rpc`;

interface Settable {
  readonly component: RegExp;
  /** The field that says it can be set, and shows that it was. */
  readonly field: string;
  readonly method: string;
  readonly param: string;
  readonly range?: Pick<FamilyControl, 'min' | 'max' | 'step' | 'unit'>;
}

const percent = { min: 0, max: 100, step: 1, unit: '%' } as const;
const settable: readonly Settable[] = [
  { component: /^switch:\d+$/, field: 'output', method: 'Switch.Set', param: 'on' },
  ...(['light', 'cct', 'rgb', 'rgbw'] as const).flatMap((kind): Settable[] => {
    const component = new RegExp(`^${kind}:\\d+$`);
    const method = `${kind === 'light' ? 'Light' : kind.toUpperCase()}.Set`;
    return [
      { component, field: 'output', method, param: 'on' },
      { component, field: 'brightness', method, param: 'brightness', range: percent },
    ];
  }),
  {
    component: /^cover:\d+$/,
    field: 'current_pos',
    method: 'Cover.GoToPosition',
    param: 'pos',
    range: percent,
  },
  { component: /^boolean:\d+$/, field: 'value', method: 'Boolean.Set', param: 'value' },
  // Its range stands in its configuration, which is not published.
  { component: /^number:\d+$/, field: 'value', method: 'Number.Set', param: 'value', range: {} },
];

/** @param prefix of the device's topics */
export function shellyControls(
  components: Readonly<Record<string, unknown>>,
  prefix: string,
): FamilyControl[] {
  return Object.entries(components).flatMap(([key, fields]) => {
    if (!isPlainObject(fields)) return [];
    const id = Number(key.split(':')[1]);
    return settable.flatMap(({ component, field, method, param, range }): FamilyControl[] => {
      const isThere = typeof fields[field] === (range === undefined ? 'boolean' : 'number');
      if (!isThere || !component.test(key)) return [];
      const name = `${key}.${field}`;
      const call = (wanted: Value, command: string): string =>
        JSON.stringify({ id: command, src, method, params: { id, [param]: wanted } });
      return [
        {
          name,
          metric: name,
          kind: range === undefined ? 'switch' : 'slider',
          ...range,
          ...(range !== undefined && range.max === undefined ? { isOffered: false } : {}),
          tell: (wanted, command) => ({ topic: `${prefix}/rpc`, payload: call(wanted, command.id) }),
        },
      ];
    });
  });
}
