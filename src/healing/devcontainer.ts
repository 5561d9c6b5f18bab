import { z } from "zod";
import { IMAGE_NAME, LONGEST_IMAGE_NAME } from "./image-name.ts";

/** Where a devcontainer is described, in the order in which tools look. */
export const DEVCONTAINERS: readonly string[] = [
  ".devcontainer/devcontainer.json",
  ".devcontainer.json",
];

/** What Nexus takes of a devcontainer, or why it takes nothing. */
export interface Devcontainer {
  readonly image?: string;
  readonly ignored?: string;
}

const Description = z.object({
  image: z.unknown().optional(),
  build: z.unknown().optional(),
  dockerFile: z.unknown().optional(),
  dockerComposeFile: z.unknown().optional(),
});

const LONGEST = 65_536;

/**
 * Reads the image of a devcontainer. It is somebody else's file: what Nexus cannot use is left aside, with
 * the reason, and is no mistake.
 */
export function readDevcontainer(path: string, text: string): Devcontainer {
  const description = Description.safeParse(text.length > LONGEST ? undefined : parsed(text));
  if (!description.success) return { ignored: `${path} is not a description that can be read` };
  const { image, ...others } = description.data;
  if (image === undefined) {
    const how = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
    const why =
      how === undefined
        ? "names no image"
        : `builds its image (\`${how}\`), which Nexus does not do`;
    return { ignored: `${path} ${why}` };
  }
  const isName =
    typeof image === "string" && image.length <= LONGEST_IMAGE_NAME && IMAGE_NAME.test(image);
  return isName ? { image } : { ignored: `${path} names no image that could be pulled` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(withoutComments(text.replace(/^\uFEFF/, "")));
  } catch {
    // Not JSON is not an object either: the schema says so.
    return undefined;
  }
}

/** Strings, comments, and commas before a closing bracket, which are all that JSON does not have. */
const PIECES = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

function withoutComments(text: string): string {
  const plain = text.replace(PIECES, (piece) => (piece.startsWith('"') ? piece : " "));
  return plain.replace(
    /("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g,
    (_all, string?: string) => string ?? "",
  );
}
