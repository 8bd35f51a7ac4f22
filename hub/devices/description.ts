/**
 * What a device tells of itself, checked: shapes and bounds. Text stays text, whatever it says; escaping is for those
 * who show it.
 */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { controlKinds, type Control, type DeviceDescription } from '#contract/device.ts';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { isId } from '#contract/names.ts';

const text = Type.String({ maxLength: 200 });
const id = Type.String({ minLength: 1, maxLength: limits.idChars });

const Metric = Type.Object({
  metric: id,
  title: Type.Optional(text),
  unit: Type.Optional(Type.String({ maxLength: 32 })),
  class: Type.Optional(Type.String({ maxLength: 64 })),
  precision: Type.Optional(Type.Integer({ minimum: 0, maximum: 15 })),
});

const Control = Type.Object({
  name: id,
  kind: Type.Enum([...controlKinds]),
  title: Type.Optional(text),
  metric: Type.Optional(id),
  unit: Type.Optional(Type.String({ maxLength: 32 })),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  step: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  dangerous: Type.Optional(Type.Boolean()),
});

const Description = Type.Object({
  title: Type.Optional(text),
  model: Type.Optional(text),
  labels: Type.Optional(
    Type.Record(Type.String({ minLength: 1, maxLength: 64 }), text, { maxProperties: 64 }),
  ),
  metrics: Type.Optional(Type.Array(Metric, { maxItems: limits.seriesPerDevice })),
  controls: Type.Optional(Type.Array(Control, { maxItems: limits.controlsPerDevice })),
});

/** Checks one description after another: compile once, call often. */
export function descriptionParser(): (value: unknown) => DeviceDescription {
  const schema = Compile(Description);
  return (value) => {
    if (!schema.Check(value)) {
      const [first] = schema.Errors(value);
      throw invalid(`${first?.instancePath ?? ''} ${first?.message ?? 'has the wrong shape'}`);
    }
    for (const { metric } of value.metrics ?? [])
      if (!isId(metric)) throw invalid(`metric ${JSON.stringify(metric)} is no id`);
    // Only what is known is kept: the rest of a device's text is nobody's promise.
    return {
      title: value.title,
      model: value.model,
      labels: value.labels,
      metrics: value.metrics?.map(({ metric, title, unit, class: kind, precision }) => ({
        metric,
        title,
        unit,
        class: kind,
        precision,
      })),
      controls: value.controls?.map(
        ({ name, kind, title, metric, unit, min, max, step, dangerous }): Control => ({
          name,
          kind,
          title,
          metric,
          unit,
          min,
          max,
          step,
          dangerous,
        }),
      ),
    };
  };
}

function invalid(why: string): RequestError {
  return new RequestError(422, 'invalid-description', `The description cannot be used: ${why}.`);
}
