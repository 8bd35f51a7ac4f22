/** What dashboards ask of a group: devices, views, history, commands. */
import type { CommandRequest } from '#contract/command.ts';
import { RequestError } from '#contract/errors.ts';
import type { DashboardToHub } from '#contract/events.ts';
import { limits } from '#contract/limits.ts';
import type { Access, Commands, Devices, Traces } from '#ports';
import type { Caller } from './caller.ts';
import type { Handler } from './event-table.ts';
import {
  parseCommand,
  parseCommandList,
  parseDeviceList,
  parseDeviceTrace,
  parseHistoryQuery,
  parseLastQuery,
  parseSubscribe,
} from './requests.ts';
import { subscribeWithHistory, unsubscribeHandler, type SubscribeParts } from './subscribe.ts';

const listedCommands = 100;

export interface DashboardParts extends SubscribeParts {
  readonly devices: Devices;
  readonly commands: Commands;
  readonly access: Access;
  readonly traces: Pick<Traces, 'ofDevice'>;
}

export function dashboardHandlers(parts: DashboardParts): Readonly<Record<keyof DashboardToHub, Handler>> {
  const { devices, commands, history, frames, traces } = parts;
  return {
    devices({ group }, payload) {
      const { after, limit } = parseDeviceList(payload);
      if (limit === undefined) return { devices: devices.list(group) };
      const place = after === undefined ? {} : { after: { group, device: after } };
      const found = devices.find({ groups: [group], limit: limit + 1, ...place });
      return pageOf('devices', found, limit, ({ device }) => device);
    },

    async subscribe(caller, payload, reply) {
      const { history: wanted, ...request } = parseSubscribe(payload);
      const answer = (fields: object): void => reply.accept(fields);
      if (wanted !== undefined)
        return subscribeWithHistory(parts, caller, { ...request, history: wanted }, answer);
      await frames.subscribe(caller.socket, request, undefined, answer);
    },

    unsubscribe: unsubscribeHandler(frames),

    history({ group }, payload) {
      return history.query(group, parseHistoryQuery(payload));
    },

    last({ group }, payload) {
      return history.lastAt(group, parseLastQuery(payload));
    },

    async command(caller, payload) {
      const request = parseCommand(payload) as CommandRequest;
      requireDevice(parts, caller, request.device);
      const { group, principal, source } = caller;
      const sent = await commands.send(group, request, principal, source.address);
      return { command: await commands.settled(group, sent.id, limits.commandAckWaitMs) };
    },

    async commands({ group }, payload) {
      const { device, after, limit = listedCommands } = parseCommandList(payload);
      const found = await commands.list(group, { device, before: after, limit: limit + 1 });
      return pageOf('commands', found, limit, ({ id }) => id);
    },

    trace({ group }, payload) {
      return { items: traces.ofDevice(group, parseDeviceTrace(payload).device) };
    },
  };
}

/** @param found one more than `limit`, if there are so many: that tells that there is a next page */
function pageOf<Item>(
  name: string,
  found: readonly Item[],
  limit: number,
  idOf: (item: Item) => string,
): object {
  const page = found.slice(0, limit);
  const [last] = page.slice(-1);
  return { [name]: page, ...(found.length > limit && last !== undefined && { next: idOf(last) }) };
}

function requireDevice({ devices, access }: DashboardParts, caller: Caller, device: string): void {
  const { group, principal } = caller;
  const found = devices.get(group, device);
  const isAdmitted = found !== undefined && found.admission === undefined;
  if (isAdmitted && access.may(principal, 'command:send', { group, device })) return;
  throw new RequestError(404, 'no-such-device', 'The group has no such device.');
}
