import { z } from "zod";

const seconds = (fallback: number) => z.coerce.number().positive().max(86_400).default(fallback);
const count = (fallback: number, max: number) =>
  z.coerce.number().int().positive().max(max).default(fallback);
const text = z.string().trim().min(1);

/** A host name, or `*.` before one for all below it. */
const HOST = /^(?:\*\.)?(?!-)(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}$/;
/** The name of an image, with `*` for any run of characters but a slash at its end. */
const IMAGE = /^(?:\*|[a-z0-9][\w./:@-]{0,254}\*?)$/;

/** Names with commas between them; empty for none. */
const list = (pattern: RegExp, problem: string) =>
  z
    .string()
    .transform((value) => value.split(",").flatMap((part) => part.trim() || []))
    .refine((parts) => parts.every((part) => pattern.test(part)), problem);

const hosts = list(HOST, "must be host names with commas between, such as *.example.org");

/** Where set-ups find packages unless the operator says otherwise. */
const REGISTRIES = [
  "registry.npmjs.org,registry.yarnpkg.com,pypi.org,files.pythonhosted.org,proxy.golang.org",
  "sum.golang.org,index.crates.io,static.crates.io,crates.io,repo.maven.apache.org,repo1.maven.org",
  "plugins.gradle.org,services.gradle.org,rubygems.org,index.rubygems.org,packagist.org",
  "repo.packagist.org,api.github.com,codeload.github.com",
].join(",");

/** The settings of the sandbox, as the environment names them. */
export const SandboxSettings = z.object({
  SANDBOX_IMAGE: text.default("nexus-sandbox:latest"),
  SANDBOX_IMAGES: list(IMAGE, "must be names of images with commas between").default(["*"]),
  SANDBOX_RUNTIME: z
    .string()
    .regex(/^[a-z][a-z0-9._-]{0,63}$/, "must be the name of a runtime the engine knows")
    .optional(),
  SANDBOX_MIRROR: z.enum(["overlay", "copy", "upload"]).optional(),
  SANDBOX_TIMEOUT_SECONDS: seconds(900),
  SANDBOX_SILENCE_SECONDS: seconds(600),
  SANDBOX_MEMORY_MB: count(2048, 1_048_576),
  SANDBOX_CPUS: z.coerce.number().positive().max(256).default(2),
  SANDBOX_PIDS: count(512, 100_000),
  SANDBOX_DISK_MB: count(4096, 10_485_760),
  SANDBOX_SLOTS: z.coerce.number().int().min(0).max(64).default(4),
  SANDBOX_HOLD_MINUTES: z.coerce.number().positive().max(43_200).default(60),
  SANDBOX_ENVIRONMENTS_GB: z.coerce.number().positive().max(10_000).default(20),
  SANDBOX_NETWORK: hosts.default([]),
  SETUP_HOSTS: hosts.default(REGISTRIES.split(",")),
  SETUP_TIMEOUT_SECONDS: seconds(600),
  /** Marks containers and volumes; give each installation on one Docker Engine its own. */
  SANDBOX_OWNER: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, "may hold a-z, 0-9 and -")
    .default("nexus"),
  NPM_REGISTRY: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(),
  NODE_EXTRA_CA_CERTS: text.optional(),
  DOCKER_HOST: z
    .string()
    .regex(/^unix:\/\/\/\S+$/, "must be a unix:///path socket")
    .optional(),
});

/** Where sandboxes are made, and how. */
export function sandboxPlace(data: z.infer<typeof SandboxSettings>, folder: string) {
  return {
    image: data.SANDBOX_IMAGE,
    allowedImages: data.SANDBOX_IMAGES,
    runtime: data.SANDBOX_RUNTIME,
    mirror: data.SANDBOX_MIRROR,
    folder: `${folder}/sandbox`,
    owner: data.SANDBOX_OWNER,
    docker: dockerAt(data.DOCKER_HOST),
    setUpTimeoutMs: data.SETUP_TIMEOUT_SECONDS * 1000,
    setUpHosts: data.SETUP_HOSTS,
    allowedHosts: data.SANDBOX_NETWORK,
    environmentBytes: data.SANDBOX_ENVIRONMENTS_GB * 1024 ** 3,
    slots: data.SANDBOX_SLOTS,
    holdMs: data.SANDBOX_HOLD_MINUTES * 60_000,
    npmRegistry: data.NPM_REGISTRY,
    certificates: data.NODE_EXTRA_CA_CERTS,
  };
}

/** What one container may use. */
export function sandboxLimits(data: z.infer<typeof SandboxSettings>) {
  return {
    timeoutMs: data.SANDBOX_TIMEOUT_SECONDS * 1000,
    silenceMs: data.SANDBOX_SILENCE_SECONDS * 1000,
    memoryMb: data.SANDBOX_MEMORY_MB,
    cpus: data.SANDBOX_CPUS,
    pids: data.SANDBOX_PIDS,
    diskMb: data.SANDBOX_DISK_MB,
  };
}

function dockerAt(host: string | undefined) {
  return host === undefined ? undefined : { socketPath: host.replace("unix://", "") };
}
