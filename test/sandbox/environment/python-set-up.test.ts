import { execFileSync } from "node:child_process";
import { expect, it, vi } from "vitest";
import { environmentWorld, inImage } from "./environment-world.ts";

vi.setConfig({ testTimeout: 300_000 });

/** Why Python cannot be tried here; undefined where docker/build-toolchain.sh has been run. */
const noToolchain = whyNoToolchain();

function whyNoToolchain(): string | undefined {
  try {
    execFileSync("docker", ["image", "inspect", "nexus-toolchain:latest"], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    process.stderr.write("Skipped: no toolchain image; sh docker/build-toolchain.sh python\n");
    return String(error);
  }
}

it.skipIf(noToolchain)("Python's packages are installed where commands find them", async () => {
  await using world = await environmentWorld();
  const project = '[project]\nname = "x"\nversion = "1"\ndependencies = []\n';
  const need = await world.need({ "pyproject.toml": project }, { image: "nexus-toolchain:latest" });

  const environment = await world.environments.take(need, new AbortController().signal);

  const said = inImage(
    environment.image,
    "python -c 'import pip, sys; print(sys.prefix)'",
    environment.env,
  );
  expect(said).toBe("/opt/nexus/venv");
  expect(environment.layers).toEqual([]);
  await environment.release();
});
