import { installPythonTool, MAKE_VENV, PYTHON_ENV, PYTHON_SET_UP, VENV } from "./python.ts";
import { CACHE, INSTALLED, present, type Stack } from "./stack.ts";

/** Poetry: what the lockfile names, without the repository's own package. */
export const poetry: Stack = (files) => {
  if (!files.has("poetry.lock") || !files.has("pyproject.toml")) return undefined;
  return {
    stack: "poetry",
    program: "python3",
    files: present(files, ["pyproject.toml", "poetry.lock"]),
    fetch: [
      MAKE_VENV,
      ...installPythonTool("poetry"),
      "poetry install --no-root --no-directory --no-interaction",
    ],
    build: [],
    env: { ...PYTHON_ENV, POETRY_VIRTUALENVS_CREATE: "false" },
    setUpEnv: { ...PYTHON_SET_UP, POETRY_CACHE_DIR: `${CACHE}/poetry` },
    path: [`${VENV}/bin`, `${INSTALLED}/poetry/bin`],
    layers: [],
  };
};
