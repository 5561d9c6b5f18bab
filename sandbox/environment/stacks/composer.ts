import { CACHE, present, type Stack } from "./stack.ts";

const FLAGS = "--no-interaction --no-plugins --no-scripts";

/** Composer: what the lockfile names, without plugins and scripts. */
export const composer: Stack = (files) => {
  // Who commits vendor means that.
  if (!files.has("composer.json") || !files.has("composer.lock") || files.has("vendor"))
    return undefined;
  return {
    stack: "composer",
    program: "composer",
    files: present(files, ["composer.json", "composer.lock"]),
    fetch: [`composer install ${FLAGS} --prefer-dist --no-autoloader --ignore-platform-reqs`],
    build: [`composer dump-autoload ${FLAGS}`],
    env: {},
    setUpEnv: { COMPOSER_HOME: "/tmp/composer", COMPOSER_CACHE_DIR: `${CACHE}/composer` },
    path: [],
    layers: ["vendor"],
  };
};
