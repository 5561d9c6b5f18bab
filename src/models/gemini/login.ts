import { keepRefreshToken, refreshTokenFile } from "./refresh-token-file.ts";
import { type SignIn, signInAtGoogle } from "./sign-in.ts";

/** Lets a person sign in at Google for this installation. Gives the file that keeps the sign-in. */
export async function loginGemini(nexusFolder: string, wish: SignIn): Promise<string> {
  const file = refreshTokenFile(nexusFolder);
  await keepRefreshToken(file, await signInAtGoogle(wish));
  return file;
}
