import { z } from "zod";

/** JSON Schema as vendors take it. */
export type JsonSchema = Record<string, unknown>;

/** The schema of what a tool takes in. Its root is one object: no vendor takes a choice there. */
export function toolSchema(input: z.ZodType): JsonSchema & { type: "object" } {
  const { type, ...schema } = plainSchema(input);
  if (type === "object") return { type, ...schema };
  return { type: "object", ...joined(schema) };
}

/** The schema of a reply. */
export function outputSchema(shape: z.ZodType): JsonSchema {
  return plainSchema(shape);
}

function plainSchema(shape: z.ZodType): JsonSchema {
  // Vendors take plain JSON Schema and some stumble over the dialect's address.
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  });
  return schema;
}

const Choice = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
});

/** A choice of objects as one object: each may have what any has and must have what all must. */
function joined({ anyOf, oneOf, allOf, ...rest }: JsonSchema): JsonSchema {
  const { data: choices = [] } = z.array(Choice).safeParse(anyOf ?? oneOf ?? allOf);
  const [first, ...others] = choices;
  if (!first) return { ...rest, properties: {} };
  return {
    ...rest,
    properties: joinedProperties(choices.map(({ properties }) => properties)),
    required: first.required.filter((name) =>
      others.every(({ required }) => required.includes(name)),
    ),
  };
}

function joinedProperties(choices: readonly Record<string, unknown>[]): Record<string, unknown> {
  const names = new Set(choices.flatMap(Object.keys));
  return Object.fromEntries(
    [...names].map((name) => {
      const found = choices.flatMap((choice) => (name in choice ? [choice[name]] : []));
      const different = [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
      return [name, different.length === 1 ? different[0] : { anyOf: different }];
    }),
  );
}
