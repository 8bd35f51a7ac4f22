import { describe, expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import type { DashboardToHub, HubToDashboard } from '#contract/events.ts';
import { Channel } from '../../../dashboards/connection/channel.ts';
import { GroupState } from '../../../dashboards/state/group.ts';
import { Registry } from '../../../dashboards/state/registry.ts';
import { FakeSocket, ManualTiming } from '../support/fake-socket.ts';

const info = (device: string): DeviceInfo => ({
  group: 'hall',
  device,
  title: device,
  labels: {},
  metrics: [],
  controls: [],
  reported: {},
  presence: 'online',
  presenceSince: 0,
});

function open() {
  const socket = new FakeSocket();
  const timing = new ManualTiming();
  const channel = new Channel<DashboardToHub, HubToDashboard>({
    namespace: '/hall',
    socket,
    timing,
    watcher: { connected() {}, lost() {}, refused() {}, caughtUp() {} },
  });
  const registry = new Registry();
  const failed: string[] = [];
  const state = new GroupState({
    group: 'hall',
    channel,
    registry,
    now: () => timing.now(),
    random: () => 'c1',
    onFailed: ({ id }) => failed.push(id),
  });
  socket.accept();
  const names = (): string[] => (registry.list('hall').value ?? []).map(({ device }) => device);
  return { socket, state, names, failed };
}

describe('The devices of a group', () => {
  test('come page by page, each shown when it is there', async () => {
    const { socket, names } = open();
    await socket.answer('devices', { devices: [info('a'), info('b')], next: 'b' });
    expect(names()).toEqual(['a', 'b']);
    await socket.answer('devices', { devices: [info('c')] });
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(socket.payloads('devices')).toEqual([{ limit: 500 }, { limit: 500, after: 'b' }]);
  });

  test('after a cut those that are gone go, and one that was told of meanwhile stays', async () => {
    const { socket, names } = open();
    await socket.answer('devices', { devices: [info('a'), info('b')] });
    socket.cut();
    socket.accept();
    socket.say('device', info('new'));
    await socket.answer('devices', { devices: [info('b')] });
    expect(names()).toEqual(['b', 'new']);
    socket.say('removed', { group: 'hall', device: 'b' });
    expect(names()).toEqual(['new']);
  });

  test('a command that fails while the page watches is told', () => {
    const { socket, failed } = open();
    const command = { id: 'x', device: 'a', name: 'go', args: null, createdAt: 0, history: [] };
    socket.say('command', { ...command, state: 'sent' });
    socket.say('command', { ...command, state: 'failed' });
    expect(failed).toEqual(['x']);
  });

  test('a command whose answer the cut took is as the hub says, once it says so', async () => {
    const { socket, state } = open();
    await socket.answer('devices', { devices: [info('a')] });
    const progress = state.progress('a', 'relay');
    const sending = state.send('a', { kind: 'switch', name: 'relay' }, true);
    socket.cut();
    await sending;
    expect(progress.peek()).toMatchObject({
      state: 'failed',
      why: 'The link was cut before the hub answered.',
    });
    socket.accept();
    await socket.answer('devices', { devices: [info('a')] });
    const args = { value: true };
    const done = {
      id: 'c1',
      device: 'a',
      name: 'relay',
      args,
      createdAt: 0,
      history: [],
      state: 'succeeded',
    };
    await socket.answer('commands', { commands: [done] });
    expect(progress.peek()).toMatchObject({ state: 'succeeded', target: true });
  });

  test('what the hub told of a command outlasts the wait for its answer', async () => {
    const { socket, state } = open();
    const sending = state.send('a', { kind: 'switch', name: 'relay' }, true);
    const told = { id: 'c1', device: 'a', name: 'relay', args: { value: true }, createdAt: 0, history: [] };
    socket.say('command', { ...told, state: 'accepted' });
    socket.cut();
    await sending;
    expect(state.progress('a', 'relay').peek()).toMatchObject({ state: 'accepted' });
  });
});
