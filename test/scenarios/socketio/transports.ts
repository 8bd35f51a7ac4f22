/** The ways an official client may come: each story holds over all of them. */
export const ways = {
  'over long-polling only': { transports: ['polling'] },
  'over WebSocket only': { transports: ['websocket'] },
  'by upgrade, as clients do by default': { transports: ['polling', 'websocket'] },
};

/** Each way with its name, for `describe`. */
export const everyWay = Object.entries(ways);
