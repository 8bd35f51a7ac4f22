/** What brokers that are Erlang programs have in common in what they tell about themselves: names of nodes, and figures. Pure. */
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';

const nodeName = /^[A-Za-z0-9_-]+@[A-Za-z0-9._:-]+$/;
const figure = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** `3 days, 2 hours, 5 minutes, 4 seconds`, from the left as long as there is something. */
const spanUnits: ReadonlyMap<string, number> = new Map([
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]);

export function isNodeName(level: string): boolean {
  return nodeName.test(level);
}

export function isFigure(text: string | undefined): boolean {
  return text !== undefined && figure.test(text);
}

export function readSysValue(metric: string, text: string): DecodedReading {
  const seconds = metric === 'uptime' ? spanSeconds(text) : undefined;
  if (seconds !== undefined) return { metric, value: seconds, quality: 'good', unit: 's' };
  const { value, quality } = decodeScalar(text);
  const isBytes = typeof value === 'number' && /(?:^|[._])bytes(?:[._](?:received|sent))?$/.test(metric);
  return { metric, value, quality, ...(isBytes && { unit: 'By' }) };
}

/** Undefined: it is no span in words. */
function spanSeconds(text: string): number | undefined {
  let sum = 0;
  for (const part of text.split(/,\s*/)) {
    const [, count, unit = ''] = /^(\d+) (day|hour|minute|second)s?$/.exec(part) ?? [];
    const seconds = spanUnits.get(unit);
    if (seconds === undefined) return undefined;
    sum += Number(count) * seconds;
  }
  return sum;
}
