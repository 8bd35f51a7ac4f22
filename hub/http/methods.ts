/**
 * Which methods each path has, so that a wrong method is told apart from a path that is not there.
 * Spec: RFC 9110, 15.5.6 (405) and 10.2.1 (Allow). It tells only what `/docs` tells everybody.
 */
import { RequestError } from '#contract/errors.ts';
import type { App } from './parts.ts';
import { notFound, pathOf } from './problem.ts';

interface Path {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Must be called before the routes are added. */
export function installMethods(app: App): void {
  const paths = new Map<string, Path>();
  app.addHook('onRoute', ({ method, url }) => {
    // The pages' wildcard has every path there is.
    if (url.includes('*')) return;
    const path = paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    paths.set(url, path);
    for (const each of [method].flat()) path.methods.add(each);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const methods = new Set(
      [...paths.values()].flatMap((each) => (each.pattern.test(path) ? [...each.methods] : [])),
    );
    if (methods.size === 0 || methods.has(request.method)) throw notFound();
    const allowed = [...methods].toSorted().join(', ');
    reply.header('allow', allowed);
    throw new RequestError(405, 'method-not-allowed', `This path takes ${allowed}.`);
  });
}

function patternOf(url: string): RegExp {
  const levels = url.split('/').map((level) => (level.startsWith(':') ? '[^/]+' : RegExp.escape(level)));
  return new RegExp(`^${levels.join('/')}$`);
}
