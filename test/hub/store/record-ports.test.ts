import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandRecord } from '#contract/command.ts';
import { TryAgainError } from '#contract/errors.ts';
import type { QuarantineItem, TokenRow } from '#ports';
import { Budget } from '../../../hub/store/budget.ts';
import { recordPorts, type RecordParts, type RecordPorts } from '../../../hub/store/record-ports.ts';
import type { ReaderThread, WriterThread } from '../../../hub/store/threads.ts';
import { TemporaryFile } from './temporary-file.ts';

let ports: RecordPorts;
let file: TemporaryFile;

beforeEach(() => {
  file = new TemporaryFile();
  ports = open({});
});

const move = (): Promise<void> => Promise.reject(new Error('No device moves here.'));

const room = { require: () => undefined };
const fullDisk = {
  require: () => {
    throw new TryAgainError('disk-full', 'No room.');
  },
};

function open(parts: Partial<RecordParts>): RecordPorts {
  return recordPorts({
    writer: writerOf(file),
    reader: readerOf(file),
    budget: new Budget(1_000_000),
    room,
    move,
    ...parts,
  });
}

/** The writer without its thread. */
function writerOf({ writer }: TemporaryFile): WriterThread {
  const call = async (name: string, ...args: readonly unknown[]): Promise<unknown> => {
    const [reply] = writer.commit([{ kind: 'call', call: 1, name, args }]);
    if (reply?.kind !== 'answer') throw new Error(JSON.stringify(reply));
    return reply.value;
  };
  return { call } as unknown as WriterThread;
}

function readerOf({ read }: TemporaryFile): ReaderThread {
  const calls = new Map<string, (...args: never[]) => unknown>(Object.entries(read));
  const call = async (name: string, ...args: never[]): Promise<unknown> => calls.get(name)?.(...args);
  return { call } as unknown as ReaderThread;
}

/** A writer that answers when the test says so. */
function slowWriter() {
  const answer = Promise.withResolvers<void>();
  const called: string[] = [];
  const call = (name: string): Promise<void> => {
    called.push(name);
    return answer.promise;
  };
  return { writer: { call } as unknown as WriterThread, called, answer };
}

describe('Devices', () => {
  test('are saved and loaded as they were; a later record replaces the earlier', async () => {
    const device = { group: 'home', device: 'lamp', title: 'Lamp', createdAt: 1 };
    const record = { ...device, labels: { room: 'hall' }, metrics: [], controls: [], reported: { on: true } };
    await ports.devices.save([record, { ...record, group: 'farm' }]);
    await ports.devices.save([{ ...record, title: 'Light' }]);
    const found = (await Array.fromAsync(ports.devices.load())).flat();
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { ...record, title: 'Light' },
        { ...record, group: 'farm' },
      ]),
    );
  });

  test('groups are saved, replaced and deleted', async () => {
    const attic = { group: 'attic', title: 'Attic', createdAt: 1 };
    await ports.devices.saveGroup(attic);
    await ports.devices.saveGroup({ group: 'barn', title: 'Barn', createdAt: 2 });
    await ports.devices.saveGroup({ ...attic, title: 'Under the roof' });
    await ports.devices.deleteGroup('barn');
    expect(await ports.devices.loadGroups()).toEqual([{ ...attic, title: 'Under the roof' }]);
  });
});

describe('Commands', () => {
  const command: CommandRecord = {
    group: 'home',
    id: 'c1',
    device: 'lamp',
    name: 'set',
    args: { on: true },
    state: 'queued',
    principal: 'p',
    requestedBy: 'Ann',
    createdAt: 1,
    deadline: 2,
    waitForDevice: false,
    history: [],
  };

  test('are inserted once: the second sender of an id gets the first', async () => {
    const { commands } = ports;
    expect(await commands.insert(command)).toEqual({ created: true, command });
    expect(await commands.insert({ ...command, name: 'other' })).toEqual({ created: false, command });
    const foreign = { ...command, group: 'farm' };
    expect(await commands.insert(foreign)).toEqual({ created: true, command: foreign });
  });

  test('move only from the state they were read with', async () => {
    const { commands } = ports;
    await commands.insert(command);
    const sent: CommandRecord = { ...command, state: 'sent' };
    expect(await commands.update(sent, 'queued')).toBe(true);
    expect(await commands.update({ ...sent, name: 'late' }, 'queued')).toBe(false);
    expect(await commands.get('home', 'c1')).toEqual(sent);
  });

  test('are open until they reach a final state', async () => {
    const { commands } = ports;
    for (const id of ['c1', 'c2', 'c3']) await commands.insert({ ...command, id });
    await commands.update({ ...command, state: 'sent' }, 'queued');
    await commands.update({ ...command, id: 'c2', state: 'expired' }, 'queued');
    expect((await commands.open()).map(({ id }) => id)).toEqual(['c1', 'c3']);
  });

  test('are found by group and id, and listed newest first, of a group or of one device', async () => {
    const { commands } = ports;
    await commands.insert(command);
    await commands.insert({ ...command, id: 'c2', device: 'pump' });
    await commands.insert({ ...command, id: 'c3' });
    await commands.insert({ ...command, id: 'c4', group: 'farm' });
    expect(await commands.get('home', 'c1')).toEqual(command);
    expect(await commands.get('home', 'c4')).toBeUndefined();
    const idsOf = async (query: { device?: string; limit: number; before?: string }): Promise<string[]> =>
      (await commands.list('home', query)).map(({ id }) => id);
    expect(await idsOf({ limit: 9 })).toEqual(['c3', 'c2', 'c1']);
    expect(await idsOf({ limit: 2 })).toEqual(['c3', 'c2']);
    expect(await idsOf({ device: 'lamp', limit: 9 })).toEqual(['c3', 'c1']);
    expect(await idsOf({ device: 'nobody', limit: 9 })).toEqual([]);
    expect(await idsOf({ limit: 9, before: 'c2' })).toEqual(['c1']);
    expect(await idsOf({ device: 'lamp', limit: 9, before: 'c3' })).toEqual(['c1']);
  });
});

describe('Tokens and sessions', () => {
  const role = 'admin';
  const token: TokenRow = { id: 't', name: 'n', role, groups: '*', createdAt: 1, secretHash: 'aa' };
  const session = { idHash: 's', kind: 'session', tokenId: 't', createdAt: 1, expiresAt: 10 } as const;

  test('are loaded as they were saved last', async () => {
    const { tokens } = ports;
    await tokens.saveToken(token);
    await tokens.saveToken({ ...token, revokedAt: 5 });
    await tokens.saveSession(session);
    expect(await tokens.load()).toEqual({ tokens: [{ ...token, revokedAt: 5 }], sessions: [session] });
  });

  test('a session ends for exactly one caller', async () => {
    const { tokens } = ports;
    await tokens.saveSession(session);
    expect(await Promise.all([tokens.deleteSession('s'), tokens.deleteSession('s')])).toEqual([true, false]);
  });

  test('a session that is over is swept when the next one is saved', async () => {
    const { tokens } = ports;
    await tokens.saveSession(session);
    await tokens.saveSession({ ...session, idHash: 's2', createdAt: 10, expiresAt: 20 });
    expect((await tokens.load()).sessions).toHaveLength(2);
    await tokens.saveSession({ ...session, idHash: 's3', createdAt: 11, expiresAt: 20 });
    expect((await tokens.load()).sessions.map(({ idHash }) => idHash)).toEqual(['s2', 's3']);
  });
});

describe('What is kept for people', () => {
  const source = { edge: 'mqtt', principal: 'p', topic: 'a/b' } as const;
  const raw = { bytes: new Uint8Array([1, 2]), contentType: 'text/plain' };
  const item: QuarantineItem = { source, code: 'bad', message: 'No.', raw };

  test('the audit log lists the newest first', async () => {
    const entry = { at: 1, principal: 'p', action: 'token:create', target: 't', outcome: 'ok' };
    await ports.audit.append(entry);
    await ports.audit.append({ ...entry, at: 2 });
    expect(await ports.audit.list(1)).toEqual([{ ...entry, id: 2, at: 2 }]);
    expect(await ports.audit.list(9, { before: 2 })).toEqual([{ ...entry, id: 1 }]);
  });

  test('the audit log is asked for who, what and whom', async () => {
    const entry = {
      at: 1,
      principal: 'ann',
      action: 'command:send',
      target: 'home/lamp on c1',
      outcome: 'ok',
    };
    await ports.audit.append(entry);
    await ports.audit.append({ ...entry, principal: 'bob', action: 'token:create', target: 't1' });
    const ids = async (query: object): Promise<number[]> =>
      (await ports.audit.list(9, query)).map(({ id }) => id);
    expect(await ids({ principal: 'ann' })).toEqual([1]);
    expect(await ids({ action: 'token:' })).toEqual([2]);
    expect(await ids({ target: 'home/lamp' })).toEqual([1]);
    expect(await ids({ principal: 'ann', action: 'token:' })).toEqual([]);
  });

  test('the quarantine lists the newest first and counts all, with or without a content type', async () => {
    const { quarantine } = ports;
    await quarantine.add(item, 5);
    await quarantine.add({ ...item, raw: { bytes: raw.bytes } }, 6);
    expect(await quarantine.list({ limit: 1 })).toEqual([
      { id: 2, at: 6, ...item, raw: { bytes: raw.bytes } },
    ]);
    expect((await quarantine.list({ limit: 9 })).at(-1)).toEqual({ id: 1, at: 5, ...item });
    expect(await quarantine.count()).toBe(2);
  });

  test('the quarantine is listed by reason, by topic, and page by page', async () => {
    const { quarantine } = ports;
    await quarantine.add(item, 1);
    await quarantine.add({ ...item, code: 'other' }, 2);
    await quarantine.add({ ...item, source: { ...source, topic: 'c' } }, 3);
    const idsOf = async (query: object): Promise<number[]> =>
      (await quarantine.list({ limit: 9, ...query })).map(({ id }) => id);
    expect(await idsOf({ code: 'bad' })).toEqual([3, 1]);
    expect(await idsOf({ topic: 'a/b' })).toEqual([2, 1]);
    expect(await idsOf({ before: 3 })).toEqual([2, 1]);
    expect(await idsOf({ ids: [3, 1, 9] })).toEqual([3, 1]);
    expect(await idsOf({ ids: [3, 2, 1], before: 3, code: 'bad' })).toEqual([1]);
  });

  test('a row of quarantine goes, or stays with its new reason; a purge takes what is named, or all', async () => {
    const { quarantine } = ports;
    for (const at of [1, 2, 3, 4]) await quarantine.add(item, at);
    const still = { code: 'new', message: 'Now this.', circumstances: { partly: { of: 2, rejected: [1] } } };
    await quarantine.settle([{ id: 1 }, { id: 2, still }, { id: 99 }]);
    expect(await quarantine.list({ limit: 9 })).toMatchObject([{ id: 4 }, { id: 3 }, { id: 2, ...still }]);
    expect(await quarantine.purge([3, 99])).toBe(1);
    expect(await quarantine.purge()).toBe(2);
    expect(await quarantine.count()).toBe(0);
  });

  const note = { topic: 'a/b', payload: new Uint8Array([1]), principal: 'p', why: 'No mapping.' };

  test('the inbox counts a topic, keeps its last payloads, and lists what came up last first', async () => {
    const { inbox } = ports;
    await inbox.note(note, 1);
    await inbox.note({ ...note, topic: 'c' }, 2);
    await inbox.note({ ...note, payload: new Uint8Array([2]), principal: 'q', why: 'No family.' }, 3);
    expect(await inbox.list({ limit: 9 })).toEqual([
      {
        topic: 'c',
        principal: 'p',
        why: 'No mapping.',
        count: 1,
        firstSeen: 2,
        lastSeen: 2,
        payloads: [{ id: 2, at: 2, payload: new Uint8Array([1]), principal: 'p' }],
      },
      {
        topic: 'a/b',
        count: 2,
        firstSeen: 1,
        lastSeen: 3,
        principal: 'q',
        why: 'No family.',
        payloads: [
          { id: 3, at: 3, payload: new Uint8Array([2]), principal: 'q' },
          { id: 1, at: 1, payload: new Uint8Array([1]), principal: 'q' },
        ],
      },
    ]);
    expect(await inbox.list({ limit: 1 })).toHaveLength(1);
    expect(await inbox.topics()).toEqual(['c', 'a/b']);
  });

  test('a topic leaves the inbox with its last payload, or when it is dismissed', async () => {
    const { inbox } = ports;
    for (const at of [1, 2]) await inbox.note(note, at);
    await inbox.taken('a/b', [1]);
    expect(await inbox.payloads('a/b')).toMatchObject([{ id: 2 }]);
    await inbox.taken('a/b', [2]);
    expect(await inbox.topics()).toEqual([]);
    await inbox.note(note, 3);
    expect([await inbox.remove('a/b'), await inbox.remove('a/b')]).toEqual([true, false]);
    expect(await inbox.payloads('a/b')).toEqual([]);
  });

  test('mappings are loaded as they were saved last, until they are removed', async () => {
    const { mappings } = ports;
    const values = [{ path: '$', metric: 'm' }];
    const rule = { id: 'r', name: 'n', topic: 't', group: 'g', device: 'd', values };
    const mapping = { ...rule, createdAt: 1, changedAt: 1, changedBy: 'Ann' };
    await mappings.save(mapping);
    await mappings.save({ ...mapping, name: 'other' });
    expect(await mappings.load()).toEqual([{ ...mapping, name: 'other' }]);
    await mappings.remove('r');
    expect(await mappings.load()).toEqual([]);
  });

  const large = new Uint8Array(2000);
  const fills: Readonly<Record<string, (filled: RecordPorts) => Promise<void>>> = {
    quarantine: ({ quarantine }) => quarantine.add({ ...item, raw: { bytes: large } }, 1),
    inbox: ({ inbox }) => inbox.note({ topic: 't', payload: large, principal: 'p', why: '' }, 1),
  };
  for (const [name, fill] of Object.entries(fills))
    test(`what anybody may fill waits for the disk only within the budget: the ${name}`, async () => {
      const { writer, called, answer } = slowWriter();
      const bounded = open({ writer, budget: new Budget(3000) });
      const first = fill(bounded);
      await expect(fill(bounded)).rejects.toMatchObject({ name: 'TryAgainError', code: 'overloaded' });
      expect(called).toHaveLength(1);
      answer.reject(new Error('disk full'));
      await expect(first).rejects.toThrow('disk full');
      await expect(fill(bounded)).rejects.toThrow('disk full');
    });

  for (const [name, fill] of Object.entries(fills))
    test(`what anybody may fill is refused while the disk is full: the ${name}`, async () => {
      await expect(fill(open({ room: fullDisk }))).rejects.toMatchObject({ code: 'disk-full' });
    });

  test('what only the hub itself writes is not refused', async () => {
    const none = open({ budget: new Budget(0), room: fullDisk });
    await none.audit.append({ at: 1, principal: 'p', action: 'a', target: 't', outcome: 'ok' });
    expect(await none.audit.list(9)).toHaveLength(1);
  });
});
