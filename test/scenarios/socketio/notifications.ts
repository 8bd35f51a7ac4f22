/**
 * Notifications to rooms: one for each user, whatever devices they use, and one for each topic they follow.
 * Short disconnections are bridged: what was sent meanwhile comes after the client is back.
 */
import type { Server as HttpServer } from 'node:http';
import { Server } from '#socketio';
import { listen } from './listen.ts';

export interface Notification {
  readonly title: string;
  readonly topic?: string;
}

interface FromClients {
  follow: (topic: string, ack: () => void) => void;
  unfollow: (topic: string, ack: () => void) => void;
}

interface ToClients {
  notification: (notification: Notification) => void;
  /** To be answered with the name of the device. */
  alarm: (title: string, seen: (device: string) => void) => void;
}

type NotificationServer = Server<FromClients, ToClients, Record<string, never>, { user: string }>;

const topicRoom = (topic: string): string => `topic:${topic}`;
const userRoom = (user: string): string => `user:${user}`;

export class Notifications {
  readonly io: NotificationServer;

  constructor(httpServer: HttpServer) {
    this.io = new Server(httpServer, { connectionStateRecovery: { maxDisconnectionDuration: 120_000 } });
    this.io.use((socket, next) => {
      const { user } = socket.handshake.auth as { user?: unknown };
      if (typeof user !== 'string') return next(new Error('Say who you are.'));
      socket.data.user = user;
      next();
    });
    this.io.on('connection', (socket) => {
      // A recovered socket is in its rooms already; joining again changes nothing.
      void socket.join(userRoom(socket.data.user));
      socket.on('follow', (topic, ack) => {
        void socket.join(topicRoom(topic));
        ack();
      });
      socket.on('unfollow', (topic, ack) => {
        void socket.leave(topicRoom(topic));
        ack();
      });
    });
  }

  /** To all devices of these users, once each. */
  tell(users: readonly string[], title: string): void {
    this.io.to(users.map(userRoom)).emit('notification', { title });
  }

  /** To all who follow one of the topics, once each, but not to whoever caused it. */
  publish(topics: readonly string[], title: string, cause: string): void {
    const [topic = ''] = topics;
    this.io.to(topics.map(topicRoom)).except(userRoom(cause)).emit('notification', { title, topic });
  }

  /** Tells a user, and waits for their devices to show it. @returns the devices that did so in time */
  alarm(user: string, title: string, withinMs: number): Promise<string[]> {
    const devices = this.io.in(userRoom(user)).timeout(withinMs);
    return new Promise((resolve) => {
      devices.emit('alarm', title, (_late, seen) => resolve(seen));
    });
  }

  /** All devices of a user follow a topic, from the next notification on. */
  subscribe(user: string, topic: string): void {
    this.io.in(userRoom(user)).socketsJoin(topicRoom(topic));
  }

  /** Who is there now. */
  async present(): Promise<string[]> {
    const sockets = await this.io.fetchSockets();
    return [...new Set(sockets.map(({ data }) => data.user))].toSorted((a, b) => a.localeCompare(b));
  }
}

if (import.meta.main) listen((httpServer) => new Notifications(httpServer));
