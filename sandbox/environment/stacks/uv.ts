import { installPythonTool, PYTHON_ENV, PYTHON_SET_UP, VENV } from "./python.ts";
import { CACHE, INSTALLED, present, type Stack } from "./stack.ts";

/** uv: what the lockfile names, without the repository's own packages. */
export const uv: Stack = (files) => {
  if (!files.has("uv.lock") || !files.has("pyproject.toml")) return undefined;
  return {
    stack: "uv",
    program: "python3",
    files: present(files, ["pyproject.toml", "uv.lock", ".python-version"]),
    fetch: [
      ...installPythonTool("uv"),
      "uv sync --frozen --no-install-project --no-install-workspace --no-install-local",
    ],
    build: [],
    env: { ...PYTHON_ENV, UV_PROJECT_ENVIRONMENT: VENV, UV_PYTHON_DOWNLOADS: "never" },
    setUpEnv: { ...PYTHON_SET_UP, UV_CACHE_DIR: `${CACHE}/uv`, UV_LINK_MODE: "copy" },
    runEnv: { UV_OFFLINE: "1", UV_NO_SYNC: "1" },
    path: [`${VENV}/bin`, `${INSTALLED}/uv/bin`],
    layers: [],
  };
};
