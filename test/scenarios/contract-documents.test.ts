/** What the running hub says over HTTP, Socket.IO and MQTT is what its documents say, field by field. */
import mqtt from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import { expect, test } from 'vitest';
import { Documents } from '../support/documents.ts';
import { HubProcess, until } from '../support/hub-process.ts';

const group = 'greenhouse';
const at = (device: string, rest = ''): string => `/api/v1/groups/${group}/devices/${device}${rest}`;

test(
  'a device is approved, described, told, desired of, archived, moved and merged',
  { timeout: 60_000 },
  async () => {
    await using hub = await HubProcess.start(['--devices-approval']);
    const documents = await Documents.of(hub);
    const complaints: string[] = [];
    const heard = new Set<string>();

    const call = async (method: string, url: string, body?: object): Promise<Record<string, unknown>> => {
      const answer = await hub.request(url, { method, ...(body && { body: JSON.stringify(body) }) });
      const text = await answer.text();
      const json = (text === '' ? null : JSON.parse(text)) as Record<string, unknown>;
      complaints.push(...documents.complaintsOfAnswer(method, url, answer.status, json));
      return json;
    };
    const note = (channel: string, message: string, payload: unknown): void => {
      heard.add(`${channel} ${message}`);
      complaints.push(...documents.complaintsOfMessage(channel, message, payload));
    };
    const connect = async (namespace: string, token: string): Promise<Socket> => {
      const socket = io(`${hub.url}${namespace}`, { auth: { token }, forceNew: true });
      await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
      return socket;
    };
    const sockets: Socket[] = [];
    const watch = async (namespace: string, channel: string, prefix: string): Promise<Socket> => {
      const socket = await connect(namespace, hub.adminToken);
      sockets.push(socket);
      socket.onAny((event: string, payload: unknown) => {
        // The fleet asks for `groups`, and is told of them.
        note(channel, event === 'groups' ? 'send.groups' : `${prefix}${event}`, payload);
      });
      return socket;
    };
    const ask = async (socket: Socket, name: string, payload: object): Promise<Record<string, unknown>> => {
      const channel = socket === fleet ? 'fleet' : 'group';
      note(channel, name, payload);
      const event = name.split('.').at(-1) ?? '';
      const answer = (await socket.timeout(10_000).emitWithAck(event, payload)) as Record<string, unknown>;
      note(channel, `${name}.ack`, answer);
      return answer;
    };

    // Waits, out of sight, until somebody approves it.
    const fleet = await watch('/', 'fleet', '');
    const password = await hub.createToken({ name: 'bed', role: 'device', groups: [group], device: 'bed-7' });
    const bed = await mqtt.connectAsync(hub.mqtt, { username: 'bed', password, clientId: 'bed' });
    bed.on('message', (topic, payload) => {
      const isDesired = topic.endsWith('/desired');
      note(
        isDesired ? 'mqtt-desired' : 'mqtt-command',
        isDesired ? 'desired' : 'command',
        JSON.parse(payload.toString()),
      );
      if (!isDesired) bed.publish(`${topic}/result`, '{"ok":true,"result":{"on":true}}', { qos: 1 });
    });
    const topic = `signalbox/${group}/bed-7`;
    await bed.subscribeAsync([`${topic}/commands/+`, `${topic}/desired`], { qos: 1 });
    const tell = (name: string, body: object): Promise<unknown> =>
      bed.publishAsync(`${topic}/${name}`, JSON.stringify(body), { qos: 1 });
    await tell('telemetry', { temperature: 21.5 });
    await until(async () => (await hub.request(at('bed-7'))).ok, 5000);
    await call('GET', `/api/v1/devices?admission=waiting`);
    await call('PATCH', at('bed-7'), { admission: 'admitted' });

    // Seen, described, asked for.
    const dashboard = await watch(`/${group}`, 'group', 'tell.');
    await ask(dashboard, 'ask.subscribe', { history: { start: 0 } });
    await ask(fleet, 'subscribe', {});
    await call('PATCH', at('bed-7'), {
      title: 'Bed 7',
      model: 'B1',
      labels: { row: '7' },
      location: { name: 'house 2', latitude: 1, longitude: 2 },
      metrics: { temperature: { unit: 'Cel', class: 'temperature', precision: 1, min: -20, max: 60 } },
      expectedIntervalMs: 60_000,
    });
    await tell('telemetry', { temperature: 22 });
    await tell('event', { name: 'door', data: { open: true } });
    for (const [name, payload] of [
      ['ask.devices', {}],
      ['ask.devices', { limit: 1 }],
      ['ask.history', { devices: ['bed-7'], start: 0 }],
      ['ask.history', { devices: ['bed-7'], start: 0, maxPoints: 10 }],
      ['ask.last', { devices: ['bed-7'] }],
      ['ask.trace', { device: 'bed-7' }],
      ['ask.subscribe', { from: { epoch: 'another', offset: 1 } }],
    ] as const)
      await ask(dashboard, name, payload);
    await ask(fleet, 'groups', {});
    await ask(fleet, 'search', { text: 'bed' });

    for (const status of ['offline', 'online']) {
      await bed.publishAsync(`${topic}/status`, status, { qos: 1 });
      await until(async () => (await hub.json<{ presence: string }>(at('bed-7'))).presence === status, 5000);
    }

    // Told what to do, and what to be.
    await ask(dashboard, 'ask.command', { id: 'c1', device: 'bed-7', name: 'valve', args: { value: true } });
    await ask(dashboard, 'ask.command', { id: 'c2', device: 'nobody', name: 'valve' });
    await ask(dashboard, 'ask.commands', { limit: 1 });
    await call('GET', at('bed-7', '/commands'));
    await call('PATCH', at('bed-7', '/desired'), { level: 3 });
    await tell('reported', { level: 2 });
    await until(async () => (await hub.json<{ reported: object }>(at('bed-7'))).reported !== undefined, 5000);
    await call('GET', at('bed-7', '/twin'));
    await call('GET', at('bed-7'));
    await call('GET', at('bed-7', '/latest'));
    await call('GET', at('bed-7', '/history?start=0'));

    // Another that falls silent, and one with its own socket.
    const lamp = await connect(
      `/${group}`,
      await hub.createToken({ name: 'lamp', role: 'device', groups: [group], device: 'lamp' }),
    );
    sockets.push(lamp);
    lamp.on('desired', (payload: unknown) => note('group', 'desired', payload));
    lamp.on('command', (payload: unknown, answer: (result: object) => void) => {
      note('group', 'command', payload);
      answer({ ok: false, error: { code: 'jammed', message: 'It is stuck.' } });
    });
    for (const [name, payload] of [
      ['telemetry', { power: 3 }],
      ['event', { name: 'boot' }],
      ['reported', { on: false }],
    ] as const) {
      const answer: unknown = await lamp.timeout(5000).emitWithAck(name, payload);
      note('group', `${name}.ack`, answer);
    }
    await call('PATCH', at('lamp'), { admission: 'admitted' });
    await call('PATCH', at('lamp', '/desired'), { on: true });
    await ask(dashboard, 'ask.command', { id: 'c3', device: 'lamp', name: 'on' });

    // Out of the lists and back; another name; one of two.
    await call('PATCH', at('lamp'), { archived: true });
    await call('GET', '/api/v1/devices?archived=true');
    await call('PATCH', at('lamp'), { archived: false });
    await call('POST', at('lamp', '/move'), { device: 'light' });
    await call('POST', at('light', '/move'), { device: 'bed-7' });
    const merged = await call('POST', at('light', '/move'), { device: 'bed-7', merge: true });
    expect(merged).toMatchObject({ device: 'bed-7' });
    await call('GET', at('bed-7'));
    await call('GET', '/api/v1/groups');
    await call('PATCH', `/api/v1/groups/${group}`, { title: 'Green house' });
    await call('PATCH', at('bed-7'), { admission: 'denied' });
    await call('GET', `/api/v1/devices?admission=denied`);
    await ask(dashboard, 'ask.unsubscribe', { view: 'none' });

    // What nothing understands.
    const gateway = await hub.createToken({
      name: 'gw',
      role: 'gateway',
      groups: '*',
      topicFilters: ['attic/#'],
    });
    const bridge = await mqtt.connectAsync(hub.mqtt, { username: 'gw', password: gateway });
    await bridge.publishAsync('attic/7', '{"t":1}', { qos: 1 });
    await until(async () => (await hub.json<{ items: object[] }>('/api/v1/inbox')).items.length > 0, 5000);
    await call('GET', '/api/v1/inbox');
    await ask(fleet, 'inbox', { limit: 1 });
    await ask(fleet, 'mappings', {});
    const mapping = {
      name: 'attic',
      topic: 'attic/{n}',
      group,
      device: 'attic-{n}',
      values: [{ path: '$.t', metric: 't' }],
    };
    await ask(fleet, 'previewMapping', mapping);
    await ask(fleet, 'saveMapping', { mapping });
    await ask(fleet, 'replayQuarantine', {});
    await ask(fleet, 'trace', { topic: 'attic/7' });
    for (const url of [
      '/api/v1/tokens',
      '/api/v1/audit',
      '/api/v1/quarantine',
      '/api/v1/status',
      '/api/v1/mappings',
    ])
      await call('GET', url);

    expect(complaints).toEqual([]);
    const told = ['readings', 'event', 'device', 'removed', 'command', 'presence'];
    await until(
      () => told.every((event) => heard.has(`group tell.${event}`)),
      10_000,
      () => `Heard: ${[...heard].join(', ')}`,
    );
    await until(
      () => ['send.groups', 'device', 'removed', 'readings'].every((event) => heard.has(`fleet ${event}`)),
      10_000,
    );
    expect([...heard]).toEqual(
      expect.arrayContaining([
        'group command',
        'group desired',
        'mqtt-command command',
        'mqtt-desired desired',
      ]),
    );
    expect(complaints).toEqual([]);
    for (const socket of sockets) socket.disconnect();
    await bed.endAsync(true);
    await bridge.endAsync(true);
  },
);
