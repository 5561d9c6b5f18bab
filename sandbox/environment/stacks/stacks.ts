import { bun } from "./bun.ts";
import { bundler } from "./bundler.ts";
import { composer } from "./composer.ts";
import { go } from "./go.ts";
import { gradle } from "./gradle.ts";
import { maven } from "./maven.ts";
import { npm } from "./npm.ts";
import { pip } from "./pip.ts";
import { pnpm } from "./pnpm.ts";
import { poetry } from "./poetry.ts";
import { rust } from "./rust.ts";
import type { Stack } from "./stack.ts";
import { uv } from "./uv.ts";
import { yarn } from "./yarn.ts";

/** All stacks. Several may be found in one repository; Make, CMake and plain shell install nothing. */
export const STACKS: readonly Stack[] = [
  npm,
  pnpm,
  yarn,
  bun,
  uv,
  poetry,
  pip,
  go,
  rust,
  maven,
  gradle,
  bundler,
  composer,
];
