/**
 * Devices as rows: what people say of them, out to a file and back in. Nothing that a file does not change is taken as
 * said by people: what was exported and comes back as it was does nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { DeviceInfo } from '#contract/device.ts';
import { NewDevice } from '#contract/device-patch.ts';
import { limits } from '#contract/limits.ts';

const group = Type.String({ minLength: 1, maxLength: limits.groupChars });
export const DeviceRow = Type.Object({ group, ...NewDevice.properties }, { additionalProperties: false });
export type DeviceRow = Type.Static<typeof DeviceRow>;

const plainColumns = ['title', 'model'] as const;
const numberColumns = ['latitude', 'longitude', 'altitude'] as const;
const labelColumn = 'label:';
const guarded = /^'(?=[=+\-@\t\r\n|])/;

/** Without the rhythm, which is learnt unless a person says it. */
export function toRow({ group: of, device, title, model, labels, location, metrics }: DeviceInfo): DeviceRow {
  const described = metrics.filter((info) => Object.keys(info).length > 1);
  return {
    group: of,
    device,
    title,
    ...(model !== undefined && { model }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(location !== undefined && { location }),
    ...(described.length > 0 && {
      metrics: Object.fromEntries(described.map(({ metric, ...rest }) => [metric, rest])),
    }),
  } as DeviceRow;
}

/** What of the row differs from how the device is shown now; undefined: nothing. */
export function changeOf(
  { group: _group, device: _device, ...row }: DeviceRow,
  shown: DeviceInfo,
): object | undefined {
  const now: Readonly<Record<string, unknown>> = {
    ...toRow(shown),
    expectedIntervalMs: shown.expectedIntervalMs,
  };
  const changed = Object.entries(row).filter(([key, value]) => !isDeepStrictEqual(value, now[key]));
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

export function csvHeader(labelKeys: readonly string[]): readonly string[] {
  const labels = labelKeys.map((key) => `${labelColumn}${key}`);
  return ['group', 'device', ...plainColumns, 'location', ...numberColumns, ...labels, 'metrics'];
}

export function toCells(
  row: DeviceRow,
  labelKeys: readonly string[],
): readonly (string | number | undefined)[] {
  const { location } = row;
  return [
    row.group,
    row.device,
    ...plainColumns.map((column) => row[column] ?? undefined),
    location?.name ?? undefined,
    ...numberColumns.map((column) => location?.[column] ?? undefined),
    ...labelKeys.map((key) => row.labels?.[key] ?? undefined),
    row.metrics === undefined ? undefined : JSON.stringify(row.metrics),
  ];
}

/** An empty cell says nothing. @throws {SyntaxError} `metrics` is no JSON */
export function fromCells(cells: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const said = Object.entries(cells)
    .filter(([, cell]) => cell !== '')
    .map(([column, cell]) => [column, cell.replace(guarded, '')] as const);
  const given = new Map(said);
  const labels = said.flatMap(([column, cell]) =>
    column.startsWith(labelColumn) ? [[column.slice(labelColumn.length), cell]] : [],
  );
  const place = {
    ...(given.has('location') && { name: given.get('location') }),
    ...Object.fromEntries(
      numberColumns.flatMap((column) => (given.has(column) ? [[column, Number(given.get(column))]] : [])),
    ),
  };
  const special = new Set<string>(['location', ...numberColumns, 'metrics', 'expectedIntervalMs']);
  const rest = said.filter(([column]) => !special.has(column) && !column.startsWith(labelColumn));
  return {
    ...Object.fromEntries(rest),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) as object }),
    ...(Object.keys(place).length > 0 && { location: place }),
    ...(given.has('metrics') && { metrics: JSON.parse(given.get('metrics') ?? '') as unknown }),
    ...(given.has('expectedIntervalMs') && { expectedIntervalMs: Number(given.get('expectedIntervalMs')) }),
  };
}

/** @returns the row, or what is wrong with it: compile once, call often */
export function rowChecker(): (value: unknown) => DeviceRow | string {
  const schema = Compile(DeviceRow);
  return (value) => {
    if (schema.Check(value)) return value;
    const [first] = schema.Errors(value);
    return `${first?.instancePath === '' ? 'The row' : first?.instancePath} ${first?.message}.`;
  };
}
