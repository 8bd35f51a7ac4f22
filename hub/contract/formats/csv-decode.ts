/**
 * Readings as CSV, read: the columns of the hub's own export, `device,metric,tags,time,value,quality`, in any order;
 * `tags` and `quality` may be missing. Spec: RFC 4180. Pure.
 *
 * A cell in quotes is a text; without them `true`, `false` and numbers are themselves, and nothing is no value.
 * Where a comma is in the numbers, spreadsheets put semicolons between the cells: the header tells.
 */
import { toId } from '../names.ts';
import { qualities, type Quality, type Tags, type Value } from '../reading.ts';
import { FormatError, type DecodedReading } from './decoded.ts';
import { parseWireTime } from './time.ts';

export interface CsvReading extends DecodedReading {
  readonly device: string;
  /** Where its record starts; the first is 1. */
  readonly row: number;
}

export interface CsvProblem {
  readonly row: number;
  readonly code: string;
  readonly message: string;
}

interface Cell {
  readonly text: string;
  readonly isQuoted: boolean;
}

interface CsvRecord {
  readonly row: number;
  readonly cells: readonly Cell[];
}

type Separator = ',' | ';';

const decimalComma = /^[+-]?\d+,\d+$/;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const required = ['device', 'metric', 'time', 'value'];
/** How the export keeps spreadsheets from calculating a text. */
const guarded = /^'[=+\-@\t\r\n|]/;

/** @throws {FormatError} the header does not name what is needed */
export function decodeCsv(text: string): {
  readonly readings: readonly CsvReading[];
  readonly problems: readonly CsvProblem[];
} {
  const clean = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(clean);
  const records = splitRecords(clean, separator);
  const [header, ...rows] = records;
  const columns = new Map(header?.cells.map((cell, index) => [cell.text.trim(), index]));
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0)
    throw new FormatError('no-header', `The first line names the columns; ${missing.join(', ')} is missing.`);
  const readings: CsvReading[] = [];
  const problems: CsvProblem[] = [];
  for (const { row, cells } of rows) {
    const cell = (name: string): Cell => cells[columns.get(name) ?? -1] ?? { text: '', isQuoted: false };
    const reading = toReading(cell, separator);
    if ('code' in reading) problems.push({ row, ...reading });
    else readings.push({ ...reading, row });
  }
  return { readings, problems };
}

function toReading(
  cell: (name: string) => Cell,
  separator: Separator,
): Omit<CsvReading, 'row'> | { readonly code: string; readonly message: string } {
  const [device, metric, time] = ['device', 'metric', 'time'].map((name) => cell(name).text);
  if (!device || !metric) return { code: 'no-name', message: 'Device and metric are not empty.' };
  const timeUs = parseWireTime(number.test(time ?? '') ? Number(time) : time);
  if (timeUs === undefined) return { code: 'invalid-time', message: 'The time is epoch ms or RFC 3339.' };
  const quality = cell('quality').text;
  if (quality !== '' && !isQuality(quality))
    return { code: 'invalid-quality', message: 'The quality is unknown.' };
  return {
    device: toId(device),
    metric: toId(metric),
    tags: toTags(cell('tags').text),
    timeUs,
    value: toValue(cell('value'), separator),
    quality: quality === '' ? undefined : quality,
  };
}

function isQuality(text: string): text is Quality {
  return qualities.some((quality) => quality === text);
}

function toValue({ text, isQuoted }: Cell, separator: Separator): Value {
  const shown = guarded.test(text) ? text.slice(1) : text;
  if (isQuoted || shown !== text) return shown;
  if (text === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (separator === ';' && decimalComma.test(text)) return Number(text.replace(',', '.'));
  return number.test(text) ? Number(text) : text;
}

/** As `tagsKey` writes them. */
function toTags(text: string): Tags | undefined {
  if (text === '') return undefined;
  const pairs = text.split(',').map((pair) => pair.split('=').map(decoded));
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function separatorOf(text: string): Separator {
  const [header = ''] = /^.*/.exec(text) ?? [];
  return header.includes(';') && !header.includes(',') ? ';' : ',';
}

function splitRecords(text: string, separator: Separator): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const cells: Cell[] = [];
    const start = line;
    let isOpen = true;
    while (isOpen) {
      const { cell, end } = readCell(text, at, separator);
      cells.push(cell);
      line += cell.isQuoted ? cell.text.split('\n').length - 1 : 0;
      isOpen = text[end] === separator;
      at = end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
    }
    line += 1;
    if (cells.length > 1 || cells[0]?.text !== '') records.push({ row: start, cells });
  }
  return records;
}

const bareEnds: Readonly<Record<Separator, RegExp>> = { ',': /[,\r\n]|$/g, ';': /[;\r\n]|$/g };

function readCell(
  text: string,
  start: number,
  separator: Separator,
): { readonly cell: Cell; readonly end: number } {
  if (text[start] !== '"') {
    const bareEnd = bareEnds[separator];
    bareEnd.lastIndex = start;
    const end = bareEnd.exec(text)?.index ?? text.length;
    return { cell: { text: text.slice(start, end), isQuoted: false }, end };
  }
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end === -1) end = text.length;
  return { cell: { text: text.slice(start + 1, end).replaceAll('""', '"'), isQuoted: true }, end: end + 1 };
}
