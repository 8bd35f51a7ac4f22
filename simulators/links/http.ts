/** The way over plain HTTP: one POST per reading or event, any 2xx is the acknowledgement. No way back: no commands. */
import { telemetryPayload } from '../dialects/signalbox.ts';
import type { DeviceIdentity, DeviceMessage } from '../messages.ts';
import { ackTimeoutMs } from './connector.ts';
import type { Connector, Outcome } from './connector.ts';

export interface HttpTarget {
  /** `http://host:port`, without a path. */
  readonly url: string;
  readonly token: string | undefined;
}

type DeviceName = Pick<DeviceIdentity, 'group' | 'device'>;

/** When the hub says "not now" without saying when. */
const usualPauseMs = 1000;

export function httpConnector(target: HttpTarget, device: DeviceIdentity): Connector {
  return {
    // Nothing to establish: that the hub takes the description shows that it is there and knows the token.
    async connect() {
      const response = await post(target, device, 'reported', { description: device.description });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the hub answered with ${response.status}`);
      return { send: (message) => send(target, device, message), async close() {}, abort() {} };
    },
  };
}

/** @param body any form that the route takes: one reading or an array */
export function postTelemetry(target: HttpTarget, device: DeviceName, body: unknown): Promise<Response> {
  return post(target, device, 'telemetry', body);
}

async function send(target: HttpTarget, device: DeviceName, message: DeviceMessage): Promise<Outcome> {
  switch (message.type) {
    case 'telemetry':
      return outcomeOf(await postTelemetry(target, device, telemetryPayload(message)));
    case 'event': {
      const { ts, name, data, id } = message;
      return outcomeOf(await post(target, device, 'events', { ts, name, data, id }));
    }
    case 'result':
      return { kind: 'unspoken' };
  }
}

function post(
  { url, token }: HttpTarget,
  { group, device }: DeviceName,
  route: 'telemetry' | 'events' | 'reported',
  body: unknown,
): Promise<Response> {
  const path = `/api/v1/groups/${encodeURIComponent(group)}/devices/${encodeURIComponent(device)}/${route}`;
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
  const text = await response.text();
  if (response.ok) {
    const { rejected = [] } = JSON.parse(text) as {
      readonly rejected?: readonly { readonly code: string }[];
    };
    const [first] = rejected;
    return first === undefined ? { kind: 'acknowledged' } : { kind: 'refused', code: first.code };
  }
  if (response.status !== 429 && response.status < 500)
    return { kind: 'refused', code: String(response.status) };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { kind: 'again', afterMs: Number.isFinite(seconds) ? seconds * 1000 : usualPauseMs };
}
