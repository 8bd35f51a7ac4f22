/** Lets a story run by itself: `node test/scenarios/socketio/chat.ts [port]`. */
import { createServer, type Server as HttpServer } from 'node:http';

/** Puts the story on an HTTP server of its own. */
export function listen(story: (httpServer: HttpServer) => unknown): void {
  const httpServer = createServer((_request, response) => void response.writeHead(404).end());
  story(httpServer);
  httpServer.listen(Number(process.argv[2] ?? 3000), '127.0.0.1', () => {
    console.log('Listening on', httpServer.address());
  });
}
