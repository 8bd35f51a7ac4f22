/** Every bound in one place, with its unit in its name. Each is a default; the configuration may move it. */
export const limits = {
  idChars: 128,
  groupChars: 63,
  eventNameChars: 64,
  stringValueBytes: 1024,
  tagsPerSeries: 16,
  tagValueChars: 128,
  jsonDepth: 32,
  readingsPerDelivery: 1000,
  readingsPerHttpRequest: 50_000,
  seriesPerDevice: 2000,
  controlsPerDevice: 100,
  /** Of all groups: each known series is held in memory. */
  seriesTotal: 500_000,
  devicesPerGroup: 10_000,
  eventDataBytes: 64 * 1024,
  futureSkewUs: 10 * 60 * 1_000_000,
  /** Before this instant a clock was never set: 2000-01-01T00:00:00Z. */
  earliestTimeUs: 946_684_800_000_000,
  retentionUs: 400 * 24 * 3600 * 1_000_000,
  /** What waits for the disk, with all that memory holds of it: some 150,000 readings. Half is for what gives way. */
  ingestQueueBytes: 48 * 1024 * 1024,
  /** Who waits for an acknowledgement gives up after five seconds at the earliest (Telegraf): a linger must leave time. */
  lingerMs: 3000,
  /** How many senders' ids of readings and events are remembered, newest first. */
  rememberedIds: 1_000_000,
  auditRows: 1_000_000,
  quarantineRows: 10_000,
  quarantinePayloadBytes: 64 * 1024,
  inboxTopics: 1000,
  inboxPayloadsPerTopic: 10,
  /** The newest payload of a topic may be as long as in quarantine. */
  inboxOlderPayloadBytes: 8 * 1024,
  mappings: 1000,
  /** The last messages of each device that can be looked at, what is shown of each, and what all of them may take. */
  traceMessages: 20,
  tracePayloadBytes: 2048,
  traceBytes: 16 * 1024 * 1024,
  viewsPerConnection: 64,
  seriesPerFleetView: 2000,
  maxHzDefault: 10,
  maxHz: 60,
  /** Raw mode is for those who need every reading, and soon: nobody looks at that many frames. */
  maxHzRaw: 200,
  maxHzFleet: 2,
  rawFrameReadings: 5000,
  /** Of those that came later than a newer one of their series; beyond, the frame says that history has more. */
  lateFrameReadings: 500,
  resumeReadings: 20_000,
  resumeEvents: 1000,
  resumeEventBytes: 1024 * 1024,
  historyPoints: 20_000,
  /** As many as a device may have: a question about one device is never too large. */
  historySeries: 2000,
  /** Of all series of one answer together: as JSON it fits into `connectionBufferBytes`. */
  historyBuckets: 50_000,
  commandTtlMs: 24 * 3600 * 1000,
  commandTtlDefaultMs: 30_000,
  commandAckWaitMs: 30_000,
  commandsPending: 5,
  commandsPerSecond: 10,
  /** Frames stop far below; one answer with history may be large. Above this a client is cut off. */
  connectionBufferBytes: 4 * 1024 * 1024,
  socketMessageBytes: 1024 * 1024,
  volatileBufferBytes: 64 * 1024,
  socketPacketsPerSecond: 5000,
  socketBytesPerSecond: 16 * 1024 * 1024,
  socketPacketsPerPayload: 1000,
  handshakesPerSecond: 500,
  handshakesBurst: 2000,
  refusalsPerConnection: 10,
  namespacesPerConnection: 256,
  attachmentsPerPacket: 4,
  attachmentsMs: 5000,
  httpBodyBytes: 1024 * 1024,
  /** For routes that take many readings at once. */
  httpBatchBytes: 10 * 1024 * 1024,
  httpConnections: 10_000,
  mqttPacketBytesBeforeConnack: 4 * 1024,
  mqttPacketBytes: 256 * 1024,
  mqttTopicBytes: 1024,
  mqttTopicLevels: 32,
  mqttConnectDeadlineMs: 5000,
  mqttConnections: 10_000,
  /** What a subscriber may leave unread before it is closed. */
  mqttUnreadBytes: 1024 * 1024,
  /** Messages of one client, of all, and of an external broker that may be on their way to the disk before no more are read. */
  mqttUnacknowledgedPerClient: 512,
  mqttUnacknowledgedBytesPerClient: 512 * 1024,
  mqttUnacknowledged: 20_000,
  mqttUnacknowledgedPerBroker: 2000,
  mqttSubscriptionsPerClient: 64,
  /** Messages that wait for a client whose session outlives its connection. */
  mqttQueuedPerSession: 1000,
  mqttRetainedTopicsPerToken: 1000,
  /** Of all tokens, over restarts. */
  mqttRetainedTopics: 100_000,
  /** Sessions that outlive their connection. */
  mqttSessions: 10_000,
  mqttRetainedBytes: 64 * 1024,
  /** Silence after which a device is stale that has no rhythm yet. */
  presenceSilenceMs: 5 * 60 * 1000,
  /** The longest rhythm that a device may have. */
  presenceIntervalMs: 31 * 24 * 3600 * 1000,
  groups: 10_000,
} as const;
