import { CACHE, INSTALLED, present, type Stack } from "./stack.ts";

/** Bundler: gems are fetched first; their extensions are built without a network. */
export const bundler: Stack = (files) => {
  if (!files.has("Gemfile") || !files.has("Gemfile.lock")) return undefined;
  // Where all gems are the repository's own there is nothing to fetch.
  if (!/^[ \t]+remote: https?:/m.test(files.text("Gemfile.lock") ?? "")) return undefined;
  const specs = files.names("").filter((name) => name.endsWith(".gemspec"));
  const versions = files.names("lib").map((name) => `lib/${name}/version.rb`);
  return {
    stack: "bundler",
    program: "bundle",
    files: present(files, ["Gemfile", "Gemfile.lock", ".ruby-version", ...specs, ...versions]),
    fetch: ["bundle cache --no-install"],
    build: ["bundle install --local"],
    env: { BUNDLE_PATH: `${INSTALLED}/bundle`, BUNDLE_APP_CONFIG: `${INSTALLED}/bundle-config` },
    setUpEnv: { BUNDLE_CACHE_PATH: `${CACHE}/gems`, BUNDLE_FROZEN: "true" },
    path: [],
    layers: [],
  };
};
