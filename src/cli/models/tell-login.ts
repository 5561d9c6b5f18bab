interface Telling {
  /** Lets a person sign in at the address that it shows, and gives the file that keeps the sign-in. */
  readonly login: (show: (url: string) => void) => Promise<string>;
  readonly out: (text: string) => void;
}

/** `nexus models login`: where to sign in, and what came of it. Throws where nobody did. */
export async function tellLogin({ login, out }: Telling): Promise<number> {
  const file = await login((url) => {
    out(
      `Open this address in a browser on this machine and sign in, within ten minutes:\n\n${url}\n\n`,
    );
  });
  out(`Signed in. The sign-in is kept in ${file}: whoever can read that file can use it.\n`);
  return 0;
}
