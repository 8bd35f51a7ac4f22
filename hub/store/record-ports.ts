/** The control plane's tables as their ports: each a few calls to the writer (durable when resolved) and the reader. */
import type {
  BrokerStateStore,
  AuditStore,
  CommandStore,
  DeviceStore,
  InboxStore,
  MappingStore,
  QuarantineStore,
  RetentionStore,
  TokenStore,
} from '#ports';
import type { Budget } from './budget.ts';
import { pages } from './pages.ts';
import type { Room } from './room.ts';
import type { ReaderThread, WriterThread } from './threads.ts';

export interface RecordPorts {
  readonly devices: DeviceStore;
  readonly commands: CommandStore;
  readonly tokens: TokenStore;
  readonly audit: AuditStore;
  readonly quarantine: QuarantineStore;
  readonly inbox: InboxStore;
  readonly mappings: MappingStore;
  readonly brokerState: BrokerStateStore;
  readonly retention: RetentionStore;
}

/** What a row takes on its way, beside its payload. */
const bytesPerRow = 512;
/** Before every device. */
const first = { group: '', device: '' };

export interface RecordParts {
  readonly writer: WriterThread;
  readonly reader: ReaderThread;
  /** Bound, with the room on the disk, what anybody may fill from outside: quarantine and inbox. */
  readonly budget: Budget;
  readonly room: Pick<Room, 'require'>;
  readonly move: DeviceStore['move'];
}

export function recordPorts({ writer, reader, budget, room, move }: RecordParts): RecordPorts {
  return {
    devices: {
      load: () => pages((after, limit) => reader.call('devices', after ?? first, limit)),
      save: (records) => writer.call('saveDevices', records),
      loadGroups: () => reader.call('groups'),
      saveGroup: (group) => writer.call('saveGroup', group),
      deleteGroup: (group) => writer.call('deleteGroup', group),
      move,
    },
    commands: {
      insert: (command) => writer.call('insertCommand', command),
      update: (command, from) => writer.call('updateCommand', command, from),
      get: (group, id) => reader.call('command', group, id),
      open: () => reader.call('openCommands'),
      list: (group, query) => reader.call('commands', group, query),
    },
    tokens: {
      load: () => reader.call('tokens'),
      saveToken: (token) => writer.call('saveToken', token),
      saveSession: (session) => writer.call('saveSession', session),
      deleteSession: (idHash) => writer.call('deleteSession', idHash),
    },
    audit: {
      append: (entry) => writer.call('appendAudit', entry),
      list: (limit, query) => reader.call('audit', limit, query),
    },
    quarantine: {
      add: async (item, at) => {
        room.require(false);
        const bytes = bytesPerRow + item.raw.bytes.byteLength;
        return budget.during(bytes, () => writer.call('addToQuarantine', item, at));
      },
      list: (query) => reader.call('quarantine', query),
      count: () => reader.call('quarantineCount'),
      settle: (changes) => writer.call('settleQuarantine', changes),
      purge: (ids) => writer.call('purgeQuarantine', ids),
    },
    inbox: {
      note: async (item, at) => {
        room.require(false);
        const bytes = bytesPerRow + item.payload.byteLength;
        return budget.during(bytes, () => writer.call('noteInInbox', item, at));
      },
      list: (query) => reader.call('inbox', query),
      topics: () => reader.call('inboxTopics'),
      payloads: (topic) => reader.call('inboxTopic', topic),
      taken: (topic, ids) => writer.call('takenFromInbox', topic, ids),
      remove: (topic) => writer.call('removeFromInbox', topic),
    },
    brokerState: {
      load: () => reader.call('mqttState'),
      change: (changes) => {
        const bytes = changes.reduce(
          (sum, change) => sum + bytesPerRow + ('facts' in change ? change.payload.byteLength : 0),
          0,
        );
        return budget.during(bytes, () => writer.call('changeMqttState', changes));
      },
    },
    mappings: {
      load: () => reader.call('mappings'),
      save: (mapping) => writer.call('saveMapping', mapping),
      remove: (id) => writer.call('removeMapping', id),
    },
    retention: {
      load: () => reader.call('retention'),
      save: (rules) => writer.call('setRetention', rules),
    },
  };
}
