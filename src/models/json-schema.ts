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

/** Several objects as one: it may have what any has. It must have what all of a choice, or any of a sum, must. */
function joined({ anyOf, oneOf, allOf, ...rest }: JsonSchema): JsonSchema {
  const { data: parts = [] } = z.array(Choice).safeParse(anyOf ?? oneOf ?? allOf);
  const names = new Set(parts.flatMap(({ required }) => required));
  const musts = (name: string) => parts.filter(({ required }) => required.includes(name)).length;
  return {
    ...rest,
    properties: joinedProperties(parts.map(({ properties }) => properties)),
    required: [...names].filter((name) => allOf !== undefined || musts(name) === parts.length),
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
