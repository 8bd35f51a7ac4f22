/**
 * A Socket.IO server: Engine.IO protocol v4 and Socket.IO protocol v5 on `ws`.
 */
export { MemoryAdapter } from './adapter.ts';
export type { Adapter, BroadcastFlags, BroadcastOptions, SavedSession, Session } from './adapter.ts';
export { BroadcastOperator, RemoteSocket } from './broadcast.ts';
export { Connection } from './connection.ts';
export type { Engine, EngineSession, EngineTransport } from './engine-session.ts';
export type { Handshake } from './handshake.ts';
export type { ListenerErrorContext, ListenerErrorHook } from './listener-guard.ts';
export { Namespace } from './namespace.ts';
export type { ExtendedError } from './namespace.ts';
export type { NamespaceMatcher } from './namespace-tree.ts';
export type { ServerOptions } from './options.ts';
export { jsonText, PacketType } from './packet.ts';
export type { Packet } from './packet.ts';
export type { Pace, Turns } from './paced-intake.ts';
export { ProtocolError } from './errors.ts';
export { Decoder, Encoder } from './parser.ts';
export type { PacketDecoder, PacketEncoder, Parser } from './parser.ts';
export { ParentNamespace } from './parent-namespace.ts';
export { RecoveryAdapter } from './recovery.ts';
export type { RecoveryOptions } from './recovery.ts';
export type { PrivateSessionId, Room, SocketId } from './rooms.ts';
export { Server } from './server.ts';
export type { SlowConsumerOptions, SlowConsumerPolicy } from './slow-consumers.ts';
export { Socket } from './socket.ts';
export type { DisconnectReason, Event } from './socket-listeners.ts';
export type { DefaultEventsMap, EventsMap } from './typed-events.ts';
