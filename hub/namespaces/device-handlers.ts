/**
 * What devices and gateways tell: readings, events, reported state. The acknowledgement goes out when it is durable.
 * What can never be accepted is in quarantine before the sender hears so.
 */
import { RejectedDeliveryError, RequestError } from '#contract/errors.ts';
import type { DeviceToHub, ReceiptAnswer } from '#contract/events.ts';
import { limits } from '#contract/limits.ts';
import type { Access, Clock, Commands, Counters, Devices, IncomingEvent, Ingest } from '#ports';
import type { Socket } from '#socketio';
import type { Caller } from './caller.ts';
import { DeviceLink } from './device-link.ts';
import type { Handler } from './event-table.ts';
import { PayloadText, readEvent, readReport, readTelemetry, type Incoming } from './incoming.ts';
import type { Reply } from './reply.ts';
import { TelemetryDelivery } from './telemetry-delivery.ts';

export interface DeviceParts {
  readonly ingest: Ingest;
  readonly devices: Devices;
  readonly commands: Commands;
  readonly access: Access;
  readonly clock: Clock;
  readonly counters: Counters;
}

export class DeviceHandlers {
  readonly #parts: DeviceParts;
  /** What ends when a socket leaves, by the device it speaks for. */
  readonly #spokenFor = new Map<Socket, Map<string, () => void>>();

  constructor(parts: DeviceParts) {
    this.#parts = parts;
  }

  /** From now on the socket may speak; if it is a device's own, the device is there. */
  admit(caller: Caller): void {
    const { socket, group, device } = caller;
    const ends = new Map<string, () => void>();
    this.#spokenFor.set(socket, ends);
    socket.on('disconnect', () => {
      this.#spokenFor.delete(socket);
      for (const end of ends.values()) end();
    });
    if (device === undefined) return;
    this.#speakFor(caller, device);
    const gone = this.#parts.devices.connected(group, device);
    socket.on('disconnect', gone);
  }

  handlers(): Readonly<Record<keyof DeviceToHub, Handler>> {
    return {
      telemetry: (caller, payload, reply) => this.#takeTelemetry(caller, payload, reply),
      event: (caller, payload, reply) => this.#takeEvent(caller, payload, reply),
      reported: (caller, payload) => this.#takeReport(caller, payload),
    };
  }

  #takeTelemetry(caller: Caller, payload: unknown, reply: Reply): Promise<void> | void {
    const receivedAtUs = this.#parts.clock.nowUs();
    let incoming: Incoming;
    try {
      incoming = readTelemetry(caller, payload, receivedAtUs, this.#mayWrite);
    } catch (error) {
      return this.#keepRefused(caller, payload, error);
    }
    const delivery = new TelemetryDelivery(caller, incoming, { payload, receivedAtUs, reply });
    const [first] = incoming.refused;
    if (first === undefined) return this.#offer(caller, delivery);
    const { source, raw } = delivery;
    const kept = this.#parts.ingest.quarantine({ source, code: first.code, message: first.message, raw });
    return kept.then(() => this.#offer(caller, delivery));
  }

  #offer(caller: Caller, delivery: TelemetryDelivery): void {
    for (const { device } of delivery.readings) this.#speakFor(caller, device);
    this.#parts.ingest.offer(delivery, delivery);
  }

  async #takeEvent(caller: Caller, payload: unknown, reply: Reply): Promise<ReceiptAnswer> {
    let event: IncomingEvent;
    try {
      event = readEvent(caller, payload, this.#mayWrite);
    } catch (error) {
      return this.#keepRefused(caller, payload, error);
    }
    this.#speakFor(caller, event.device);
    const { offset, accepted, rejected } = await this.#parts.ingest.accept({
      source: caller.source,
      readings: [],
      events: [event],
      raw: new PayloadText(payload),
      givesWay: !reply.isAwaited,
    });
    return { offset, accepted, rejected };
  }

  async #takeReport(caller: Caller, payload: unknown): Promise<object> {
    const { device, state } = readReport(caller, payload);
    if (!this.#mayWrite(caller, device))
      throw new RequestError(403, 'device-not-granted', `You may not write to ${device}.`);
    this.#speakFor(caller, device);
    await this.#parts.devices.reported(caller.group, device, state);
    return {};
  }

  /** What this edge refuses is kept like what ingest refuses: nothing is lost silently. */
  async #keepRefused(caller: Caller, payload: unknown, error: unknown): Promise<never> {
    if (error instanceof RejectedDeliveryError || error instanceof RequestError) {
      const { code, message } = error;
      const raw = new PayloadText(payload);
      await this.#parts.ingest.quarantine({ source: caller.source, code, message, raw });
    }
    throw error;
  }

  readonly #mayWrite = ({ principal, group, device: own }: Caller, device: string): boolean =>
    device === own || this.#parts.access.may(principal, 'telemetry:write', { group, device });

  /** Commands to this device go over this socket, as long as it lives. */
  #speakFor({ socket, principal, group }: Caller, device: string): void {
    const ends = this.#spokenFor.get(socket);
    if (ends === undefined || ends.has(device)) return;
    const { access, commands, counters, devices } = this.#parts;
    if (!access.may(principal, 'command:receive', { group, device })) return;
    if (ends.size >= limits.devicesPerGroup) return counters.count('socketio', 'too-many-devices');
    const link = new DeviceLink(socket, device);
    const detach = [commands.attach(group, device, link), devices.attach(group, device, link)];
    ends.set(device, () => detach.forEach((end) => end()));
  }
}
