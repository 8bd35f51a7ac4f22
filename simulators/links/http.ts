/** The way over plain HTTP: one POST per reading, any 2xx is the acknowledgement. No way back: no commands, no events. */
import { telemetryPayload } from '../dialects/signalbox.ts';
import type { DeviceIdentity } from '../messages.ts';
import { ackTimeoutMs } from './connector.ts';
import type { Connector, Outcome } from './connector.ts';

export interface HttpTarget {
  /** `http://host:port`, without a path. */
  readonly url: string;
  readonly token: string | undefined;
}

/** When the hub says "not now" without saying when. */
const usualPauseMs = 1000;

export function httpConnector(target: HttpTarget, device: DeviceIdentity): Connector {
  return {
    // Nothing to establish: the first POST shows whether the hub is there.
    connect: async () => ({
      async send(message) {
        if (message.type !== 'telemetry') return { kind: 'unspoken' };
        return outcomeOf(await postTelemetry(target, device, telemetryPayload(message)));
      },
      async close() {},
      abort() {},
    }),
  };
}

/** @param body any form that the route takes: one reading or an array */
export function postTelemetry(
  { url, token }: HttpTarget,
  { group, device }: Pick<DeviceIdentity, 'group' | 'device'>,
  body: unknown,
): Promise<Response> {
  const path = `/api/v1/groups/${encodeURIComponent(group)}/devices/${encodeURIComponent(device)}/telemetry`;
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ackTimeoutMs),
  });
}

async function outcomeOf(response: Response): Promise<Outcome> {
  // Unread bodies hold their connection.
  await response.arrayBuffer();
  if (response.ok) return { kind: 'acknowledged' };
  if (response.status !== 429 && response.status < 500)
    return { kind: 'refused', code: String(response.status) };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { kind: 'again', afterMs: Number.isFinite(seconds) ? seconds * 1000 : usualPauseMs };
}
