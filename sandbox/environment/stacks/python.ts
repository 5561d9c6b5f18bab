import { CACHE, INSTALLED } from "./stack.ts";

/** The virtual environment that commands find first. */
export const VENV = `${INSTALLED}/venv`;

/** Makes the virtual environment. */
export const MAKE_VENV = `python3 -m venv ${VENV}`;

/** Variables of everything that Python runs in: the repository's own packages are found without being installed. */
export const PYTHON_ENV = {
  VIRTUAL_ENV: VENV,
  PYTHONPATH: "/workspace/src:/workspace",
  PYTHONDONTWRITEBYTECODE: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_NO_INPUT: "1",
};

/** Variables of set-ups alone. */
export const PYTHON_SET_UP = { PIP_CACHE_DIR: `${CACHE}/pip`, PYTHONPATH: "" };

/** Installs a tool of ours beside the virtual environment, where it is in nobody's way. */
export function installPythonTool(tool: string): readonly string[] {
  const place = `${INSTALLED}/${tool}`;
  return [`python3 -m venv ${place}`, `${place}/bin/pip install ${tool}`];
}
