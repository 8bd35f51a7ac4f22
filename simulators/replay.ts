/**
 * Plays a recording of MQTT messages: NDJSON, one `{ t, topic, payload, encoding?, qos?, retain? }` a line.
 * `t` is in ms from any start; `encoding` is `utf8` (default) or `base64`.
 */
import { isPlainObject } from '#contract/formats/json.ts';
import type { Clock } from './clock.ts';
import { readJson } from './dialects/dialect.ts';
import { stopped } from './stop-signal.ts';
import type { Tally } from './tally.ts';

export interface RecordedMessage {
  readonly t: number;
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** A line of the recording is not a message: the number says which. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly code = 'bad-recording';
}

/** @throws {RecordingError} */
export function parseRecordedLine(line: string, lineNumber: number): RecordedMessage {
  const value = readJson(line);
  if (!isPlainObject(value) || typeof value.t !== 'number' || typeof value.topic !== 'string')
    throw new RecordingError(`Line ${lineNumber} of the recording is not { t, topic, payload }.`);
  const { t, topic, payload, encoding = 'utf8', qos = 0, retain = false } = value;
  if (typeof payload !== 'string' || (encoding !== 'utf8' && encoding !== 'base64'))
    throw new RecordingError(`Line ${lineNumber} of the recording has no utf8 or base64 payload.`);
  if (qos !== 0 && qos !== 1 && qos !== 2)
    throw new RecordingError(`Line ${lineNumber} of the recording has a QoS that does not exist.`);
  return { t, topic, payload: Buffer.from(payload, encoding), qos, retain: retain === true };
}

export interface ReplayParts {
  readonly lines: AsyncIterable<string>;
  /** Resolves when the broker has the message; at QoS 0 when it was written. */
  readonly publish: (message: RecordedMessage) => Promise<void>;
  readonly clock: Clock;
  readonly tally: Tally;
  /** 2 plays twice as fast. */
  readonly speed: number;
  readonly signal: AbortSignal;
}

/** One message at a time, in the recording's order and spacing. @throws {RecordingError} */
export async function replay({ lines, publish, clock, tally, speed, signal }: ReplayParts): Promise<void> {
  let lineNumber = 0;
  let firstMs: number | undefined;
  const startMs = clock.monotonicMs();
  const aborted = stopped(signal);
  for await (const line of lines) {
    lineNumber += 1;
    if (signal.aborted) return;
    if (line.trim() === '') continue;
    const message = parseRecordedLine(line, lineNumber);
    firstMs ??= message.t;
    const waitMs = (message.t - firstMs) / speed - (clock.monotonicMs() - startMs);
    if (waitMs > 0) await wait(clock, waitMs, aborted);
    if (signal.aborted) return;
    const sentAtMs = clock.monotonicMs();
    tally.count('sent');
    await publish(message);
    if (message.qos === 0) continue;
    tally.count('acknowledged');
    tally.latencies.add(clock.monotonicMs() - sentAtMs);
  }
}

async function wait(clock: Clock, ms: number, aborted: Promise<void>): Promise<void> {
  const due = Promise.withResolvers<void>();
  const cancel = clock.after(ms, due.resolve);
  await Promise.race([due.promise, aborted]);
  cancel();
}
