/**
 * The contract documents as a running hub serves them, to hold what it really says against what they say. Stricter than
 * their schemas: what a document does not name must not be there either, or nobody would learn of it.
 */
import { Ajv } from 'ajv';
import type { AsyncApiDocument } from '../../hub/http/asyncapi.ts';
import type { OpenApiDocument } from '../../hub/http/docs-page.ts';
import type { HubProcess } from './hub-process.ts';

type Schema = Readonly<Record<string, unknown>>;

export class Documents {
  readonly #http: OpenApiDocument;
  readonly #told: AsyncApiDocument;
  readonly #ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  private constructor(http: OpenApiDocument, told: AsyncApiDocument) {
    this.#http = http;
    this.#told = told;
  }

  static async of(hub: HubProcess): Promise<Documents> {
    const [http, told] = ['openapi', 'asyncapi'].map((name) => hub.json(`/api/v1/${name}.json`));
    return new Documents((await http) as OpenApiDocument, (await told) as AsyncApiDocument);
  }

  /** What the documents do not say of an answer over HTTP. @param url with the path's own values, and a query */
  complaintsOfAnswer(method: string, url: string, status: number, body: unknown): readonly string[] {
    const [path = ''] = url.split('?', 1);
    const found = Object.entries(this.#http.paths ?? {}).find(
      ([template, operations]) => matches(template, path) && method.toLowerCase() in operations,
    );
    const response = found?.[1][method.toLowerCase()]?.responses?.[status] as Schema | undefined;
    if (response === undefined) return [`${method} ${path} answered ${status}, which no document has`];
    const [content] = Object.values(
      (response['content'] ?? {}) as Readonly<Record<string, { schema?: Schema }>>,
    );
    if (content?.schema === undefined) return [];
    return this.#check(`${method} ${found?.[0]} ${status}`, content.schema, body);
  }

  /** What the documents do not say of an event, a topic's payload, or an acknowledgement (`<event>.ack`). */
  complaintsOfMessage(channel: string, message: string, payload: unknown): readonly string[] {
    const { payload: schema } = (this.#told.channels[channel]?.messages[message] ?? {}) as {
      payload?: Schema;
    };
    if (schema === undefined) return [`${channel} has no message ${message}`];
    return this.#check(`${channel} ${message}`, schema, payload);
  }

  #check(where: string, schema: Schema, value: unknown): readonly string[] {
    const validate = this.#ajv.compile(closed(schema) as object);
    // As it crosses the wire: without what is undefined.
    if (validate(JSON.parse(JSON.stringify(value ?? null)))) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${where}: ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

function matches(template: string, path: string): boolean {
  const pattern = template
    .split('/')
    .map((level) => (level.startsWith('{') ? '[^/]+' : RegExp.escape(level)));
  return new RegExp(`^${pattern.join('/')}$`).test(path);
}

/** The same, without room for what it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { allOf, ...rest } = schema as Schema & { readonly allOf?: readonly Schema[] };
  const mapped = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, closed(value)]));
  // An acknowledgement is `{ ok: true }` and its fields: one object, else each would exclude the other's fields.
  if (allOf !== undefined) return { ...mapped, ...(closed(joined(allOf)) as object) };
  const isClosed =
    'properties' in mapped && !('additionalProperties' in mapped) && !('patternProperties' in mapped);
  return isClosed ? { ...mapped, additionalProperties: false } : mapped;
}

function joined(schemas: readonly Schema[]): Schema {
  return {
    type: 'object',
    properties: Object.assign({}, ...schemas.map(({ properties }) => properties)) as Schema,
    required: schemas.flatMap(({ required }) => (required ?? []) as readonly string[]),
  };
}
