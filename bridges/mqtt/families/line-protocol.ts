/**
 * InfluxDB line protocol on any topic, as Telegraf publishes it: told by its content type, or by topic and shape.
 * The tag `host` or `device` names the device, else the topic does.
 * https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
import { FormatError } from '#contract/formats/decoded.ts';
import { decodeLineProtocol, type Precision } from '#contract/formats/line-protocol.ts';
import { toId } from '#contract/names.ts';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';

const contentTypes: ReadonlySet<string | undefined> = new Set([
  'application/vnd.influx.lineprotocol',
  'text/vnd.influx.lineprotocol',
]);
const telegrafTopic = 'telegraf';
/** No text of another kind begins like this: a measurement, then tags or fields. */
const measurement = /^(?:[^\s,={}[\]<"\\]|\\.)+[, ]/;
const timestamp = / (\d{10}|\d{13}|\d{16}|\d{19})$/;
const precisions: Readonly<Record<number, Precision>> = { 10: 's', 13: 'ms', 16: 'us', 19: 'ns' };

export const lineProtocol: Family = {
  name: 'influx',

  recognises({ text, contentType, levels }: FamilyMessage): boolean {
    if (text === undefined) return false;
    if (contentTypes.has(contentType)) return true;
    const line = firstLine(text);
    if (!measurement.test(line) || !line.includes('=')) return false;
    if (levels[0] === telegrafTopic) return true;
    if (!timestamp.test(line)) return false;
    const { readings, problems } = decodeLineProtocol(line);
    return readings.length > 0 && problems.length === 0;
  },

  decode({ text = '', levels }: FamilyMessage): FamilyOutcome {
    const { readings, problems } = decodeLineProtocol(text, {
      precision: precisionOf(firstLine(text)),
      defaultDevice: toId(deviceOf(levels)),
    });
    const [first] = problems;
    if (readings.length === 0)
      throw new FormatError(first?.code ?? 'empty', first?.message ?? 'There is no line in it.');
    const byDevice = Map.groupBy(readings, ({ device }) => device);
    const reports = [...byDevice].map(([device, own]): FamilyReport => {
      return { device, readings: own.map(({ row: _row, ...reading }) => reading) };
    });
    const told = problems.map(({ row, code, message }) => ({ path: `/${row}`, code, message }));
    return { reports, problems: told };
  },
};

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/** Nothing in a message says it, but an instant of these years has as many digits in no other unit. */
function precisionOf(line: string): Precision {
  const [, digits = ''] = timestamp.exec(line) ?? [];
  return precisions[digits.length] ?? 'ns';
}

/** Telegraf publishes to `telegraf/<host>/<plugin>`. */
function deviceOf(levels: readonly string[]): string {
  const [first, host] = levels;
  return first === telegrafTopic && levels.length >= 3 && host !== undefined ? host : levels.join('/');
}
