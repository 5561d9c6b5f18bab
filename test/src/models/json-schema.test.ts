import { expect, it } from "vitest";
import { z } from "zod";
import { toolSchema } from "../../../src/models/json-schema.ts";

it("joins a choice of objects, which no vendor takes at the root", () => {
  const schema = toolSchema(
    z.union([
      z.strictObject({ kind: z.literal("edit"), path: z.string(), text: z.string() }),
      z.strictObject({ kind: z.literal("delete"), path: z.string() }),
    ]),
  );

  expect(schema).toEqual({
    type: "object",
    properties: {
      kind: {
        anyOf: [
          { type: "string", const: "edit" },
          { type: "string", const: "delete" },
        ],
      },
      path: { type: "string" },
      text: { type: "string" },
    },
    required: ["kind", "path"],
  });
});

it("joins a sum of objects, of which everything is needed", () => {
  const schema = toolSchema(z.object({ a: z.string() }).and(z.object({ b: z.number() })));

  expect(schema).toEqual({
    type: "object",
    properties: { a: { type: "string" }, b: { type: "number" } },
    required: ["a", "b"],
  });
});

it.each([z.any(), z.string(), z.array(z.string())])("takes an object in any case", (input) => {
  expect(toolSchema(input)).toMatchObject({ type: "object", properties: {} });
});
