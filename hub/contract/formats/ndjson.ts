/** Our own telemetry, one JSON value a line (application/x-ndjson): a line that is none spoils no other. Pure. */
import { limits } from '../limits.ts';
import { FormatError, type Decoded, type DecodedReading, type Problem } from './decoded.ts';
import { parseJson } from './json.ts';
import { decodeTelemetry } from './telemetry.ts';

/**
 * Each line is what {@link decodeTelemetry} takes; blank ones are passed over. The JSON Pointers of problems begin with
 * the index of the line, as if the lines were an array.
 * @param most reading stops once there are more readings and problems than this: check the sum
 */
export function decodeNdjson(
  text: string,
  receivedAtUs?: number,
  most: number = limits.readingsPerHttpRequest,
): Decoded {
  const readings: DecodedReading[] = [];
  const problems: Problem[] = [];
  const itemEnds: number[] = [];
  for (let from = 0; from < text.length && readings.length + problems.length <= most;) {
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(from, end).trim();
    from = end + 1;
    if (line !== '') {
      const decoded = decodeRow(line, itemEnds.length, receivedAtUs);
      readings.push(...decoded.readings);
      problems.push(...decoded.problems);
    }
    itemEnds.push(readings.length);
  }
  return { readings, problems, itemEnds };
}

function decodeRow(line: string, index: number, receivedAtUs: number | undefined): Decoded {
  try {
    const { readings, problems } = decodeTelemetry(parseJson(line), receivedAtUs);
    return { readings, problems: problems.map((problem) => atLine(problem, index)) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { code, message } = error;
    return { readings: [], problems: [atLine({ path: '', code, message }, index)] };
  }
}

function atLine({ path, code, message }: Problem, index: number): Problem {
  return { path: `/${index}${path}`, code, message: `Line ${index + 1}: ${message}` };
}
