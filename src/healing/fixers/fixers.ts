import type { Fixer } from "../../core/fixer.ts";
import { biome } from "./biome.ts";
import { eslint } from "./eslint.ts";
import { prettier } from "./prettier.ts";

/** All rules that repair without a model, in the order they run: linters rewrite code, formatters have the last word. */
export const FIXERS: readonly Fixer[] = [eslint, biome, prettier];
