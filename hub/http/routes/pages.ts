/**
 * The built dashboards. Only files that were in the folder at the start are served, so that no path, dot file or
 * link leads elsewhere; every other page address opens the application, which knows its own views.
 */
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allowOwnStyles } from '../headers.ts';
import type { Routes } from '../parts.ts';
import { notFound } from '../problem.ts';

const page = { schema: { hide: true }, config: { permission: 'public', page: true } } as const;
/** Vite puts a hash of the content into the names below this folder. */
const hashedFolder = 'assets/';
const adminFolder = 'admin-ui/';

export const pageRoutes: Routes = (app, { dashboardsFolder, adminUi = false }) => {
  if (dashboardsFolder === undefined) {
    app.get('/', page, async (_request, reply) =>
      reply.type('text/plain').send('The dashboards are not built: run npm run build:dashboards.\n'),
    );
    return;
  }
  const files = listFiles(dashboardsFolder);
  app.register(fastifyStatic, {
    root: dashboardsFolder,
    serve: false,
    dotfiles: 'deny',
    index: false,
    cacheControl: false,
  });
  app.get('/*', page, async (request, reply) => {
    const { '*': path } = request.params as { readonly '*': string };
    // Its own files are asked for by relative addresses.
    if (adminUi && `${path}/` === adminFolder) return reply.redirect(adminFolder);
    if (path.startsWith(adminFolder)) return sendAdminUi(reply, path, adminUi && files);
    if (files.has(path)) return sendPage(reply, path);
    if (path.startsWith('api/') || !wantsPage(request)) return reply.callNotFound();
    return sendPage(reply, 'index.html');
  });
};

/** Its names hold a hash too, but it is seldom opened: asked for anew each time. */
function sendAdminUi(reply: FastifyReply, path: string, files: ReadonlySet<string> | false): FastifyReply {
  const file = path === adminFolder ? `${adminFolder}index.html` : path;
  if (files === false || !files.has(file)) throw notFound();
  allowOwnStyles(reply);
  return sendPage(reply, file);
}

function sendPage(reply: FastifyReply, path: string): FastifyReply {
  const isHashed = path.startsWith(hashedFolder);
  reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  return reply.sendFile(path);
}

function wantsPage({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.includes('text/html');
}

/** Plain files below the folder, as URL paths; neither links nor anything hidden. */
function listFiles(folder: string): ReadonlySet<string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return new Set(paths.filter((path) => !path.split('/').some((name) => name.startsWith('.'))));
}
