import { type Attack, shell } from "./attack.ts";

const GIT_FOLDER = "a name spells git's own folder";
const HIDDEN = "characters that are invisible or turn the direction of reading";
const CONTROL = "control characters in a name";
const LONG_TARGET = "x".repeat(4_000);

/** A shell word for a name of any bytes. */
const word = (name: string) => `"$(printf '${Array.from(Buffer.from(name), octal).join("")}_')"`;
const octal = (byte: number) => `\\${byte.toString(8).padStart(3, "0")}`;
// The shell takes newlines from the end of what it puts in, hence a last letter.
const touched = (names: readonly string[]) =>
  names.map((name) => `n=${word(name)}; echo n > "\${n%_}"`).join("\n");
const inFolders = (names: readonly string[]) =>
  names.map((name) => `n=${word(name)}; mkdir "\${n%_}" && echo n > "\${n%_}/x"`).join("\n");
const all = (names: readonly string[], why: string, suffix = "") =>
  Object.fromEntries(names.map((name) => [`${name}${suffix}`, why]));

const GIT_FOLDERS = [
  ".git",
  ".GIT",
  ".git.",
  ".git ",
  ".git . .",
  "git~1",
  "GIT~2",
  ".git::$INDEX_ALLOCATION",
  ".ｇit",
];
const HIDDEN_NAMES = [".g\u200cit", "\ufeff.git", "a\u202eb", "a\u200bb", "a\u2066b", "a\u00adb"];
const CONTROL_NAMES = ["a\nb", "a\rb", "a\tb", "a\u0001b", "a\u007fb", "a\u0085b"];
const ODD_NAMES = [
  " lead",
  "!x",
  "#",
  "$(id)",
  "%41",
  "'single'",
  "*",
  "-rf",
  "--",
  ":(glob)x",
  ".hidden",
  "CON",
  "[a]",
  "a:b",
  "aux.txt",
  "end.",
  'q"uote',
  "semi;colon",
  "trail ",
  "~",
  "日本",
  "🙂",
  "x".repeat(255),
];

/** Files on their way out. */
export const ATTACKS_F: readonly Attack[] = [
  {
    id: "F1",
    what: "links that lead out, into git's folder, or nobody knows where",
    at: "f1",
    plant: `ln -s /etc/passwd absolute; ln -s ../../x out; ln -s ../../../../../../etc/passwd far
      ln -s .git/config git; ln -s ../.GIT/hooks upper; ln -s git~1/config short; ln -s a/../../../x back
      ln -s "$(printf 'a\\nb')" newline; ln -s 'C:/x' drive; ln -s '..\\..\\x' windows; ln -s '\\\\host\\share' share
      ln -s ../README.md .gitattributes`,
    refused: {
      ...all(["absolute", "drive", "share"], "a link with an absolute or empty target"),
      ...all(["out", "far", "windows"], "a link that leads out of the repository"),
      ...all(["git", "upper", "short"], "a link into git's own folder"),
      back: "a link that turns back after a name",
      newline: CONTROL,
      ".gitattributes": "a link where git expects a file",
    },
  },
  {
    id: "F1",
    what: "links in a ring, to nothing, and with a target of 4,000 letters",
    at: "f1-fine",
    plant: `ln -s y x; ln -s x y; ln -s nothing dangling; ln -s ${LONG_TARGET} long; ln -s ../README.md readme`,
    carried: [
      "120000 dangling nothing",
      `120000 long ${LONG_TARGET}`,
      "120000 readme ../README.md",
      "120000 x y",
      "120000 y x",
    ],
  },
  {
    id: "F2",
    what: "a folder where the host has a link, and a link where it has a folder",
    at: "given/f2",
    plant:
      "rm link; mkdir link; echo n > link/a.txt; rm -r folder; ln -s ../../src folder; echo n > folder/evil",
    carried: [
      "delete folder/inside.txt",
      "delete link",
      "120000 folder ../../src",
      "100644 link/a.txt n\n",
    ],
  },
  {
    id: "F3",
    what: "hard links: copied as files of their own, never to the image",
    at: "given/f3",
    plant:
      "echo n > one; ln one two; ln one three; ln /etc/passwd four; ln file.txt five; echo more >> five",
    carried: [
      "100644 file.txt g\nmore\n",
      "100644 five g\nmore\n",
      "100644 one n\n",
      "100644 three n\n",
      "100644 two n\n",
    ],
  },
  {
    id: "F4",
    what: "forged marks of deletion: names, attributes, devices",
    at: "given/f4",
    plant: `echo n > .wh.kept.txt; echo n > .wh..wh..opq; mkdir new; echo n > new/x
      mknod kept.txt c 0 0; mknod gone c 0 0
      perl -e 'for my $folder ("keep", "new", ".") { for my $name ("user.overlay.opaque", "user.overlay.whiteout", "trusted.overlay.opaque", "user.overlay.redirect", "user.overlay.metacopy") {
        my ($f, $n, $v) = ($folder, $name, "y"); syscall(${process.arch === "arm64" ? 5 : 188}, $f, $n, $v, 1, 0) } }'`,
    carried: ["100644 .wh..wh..opq n\n", "100644 .wh.kept.txt n\n", "100644 new/x n\n"],
  },
  {
    id: "F5",
    what: "git's folder in any spelling, as folder",
    at: "f5",
    plant: inFolders([...GIT_FOLDERS, ...HIDDEN_NAMES.slice(0, 2)]),
    refused: {
      ...all(GIT_FOLDERS, GIT_FOLDER, "/x"),
      ...all(HIDDEN_NAMES.slice(0, 2), HIDDEN, "/x"),
    },
  },
  {
    id: "F5",
    what: "git's folder as file and as link",
    at: "f5-other",
    plant: "mkdir a b; echo 'gitdir: /etc' > a/.git; ln -s ../../src b/.git; echo n > GIT~1",
    refused: all(["a/.git", "b/.git", "GIT~1"], GIT_FOLDER),
  },
  {
    id: "F5",
    what: "the top git folder itself, made a file or a link",
    stage: async ({ open }) => {
      const changes = async (script: string) => {
        await using session = await open();
        await session.run(shell(script));
        return await session.changes();
      };
      return [
        await changes("rm -rf .git; echo 'gitdir: /etc' > .git"),
        await changes("rm -rf .git; ln -s /etc .git"),
      ];
    },
    comes: [[], []],
  },
  {
    id: "F6",
    what: "names that nobody sees as they are, or that are none",
    at: "f6",
    plant: `${touched([...HIDDEN_NAMES.slice(2), ...CONTROL_NAMES])}
      echo n > 'a\\b'; echo n > "$(printf 'bad\\377')"; echo n > "$(printf 'half\\303')"`,
    refused: {
      ...all(HIDDEN_NAMES.slice(2), HIDDEN),
      ...all(CONTROL_NAMES, CONTROL),
      "a\\b": "a backslash in a name",
      ...all(["bad\ufffd", "half\ufffd"], "the name is not valid UTF-8"),
    },
  },
  {
    id: "F6",
    what: "names that are only odd, byte by byte as they are",
    at: "f6-fine",
    plant: touched(ODD_NAMES),
    carried: [...ODD_NAMES].sort().map((name) => `100644 ${name} n\n`),
  },
  {
    id: "F7",
    what: "FIFOs, also where a file was",
    at: "given/f7",
    plant: "mkfifo pipe; rm file.txt; mkfifo file.txt",
    refused: all(["pipe", "file.txt"], "a FIFO, not a file"),
    onGvisor: { refused: {}, because: "its FIFOs are its own, and in no folder of the host" },
  },
  {
    id: "F7",
    what: "sockets",
    at: "f7-socket",
    plant: `node -e 'require("net").createServer().listen("socket", () => process.exit()).on("error", () => process.exit())'; :`,
    refused: { socket: "a socket, not a file" },
    onGvisor: { refused: {}, because: "it makes no sockets in folders of the host" },
  },
  {
    id: "F8",
    what: "files and folders that nobody may read",
    at: "f8",
    plant: "echo n > sealed; chmod 0 sealed; mkdir closed; echo n > closed/x; chmod 0 closed",
    refused: {
      sealed: "a file that its owner may not read",
      closed: "a folder that its owner may not look into, or that lies too deep",
    },
  },
  {
    id: "F8",
    what: "set-id, sticky and open modes, attributes: only execution is kept",
    at: "f8-fine",
    plant: `echo n > suid; chmod 4755 suid; echo n > sgid; chmod 2655 sgid; echo n > sticky; chmod 1666 sticky
      mkdir shared; chmod 3777 shared; echo n > shared/open; chmod 666 shared/open
      perl -e 'my ($f, $n, $v) = ("suid", "user.evil", "y"); syscall(${process.arch === "arm64" ? 5 : 188}, $f, $n, $v, 1, 0)'`,
    carried: ["100644 sgid n\n", "100644 shared/open n\n", "100644 sticky n\n", "100755 suid n\n"],
  },
  {
    id: "F9",
    what: "names that a folding file system takes for one",
    at: "given/f9",
    plant: `echo n > README; mkdir SUB; echo n > SUB/x; ${touched(["e\u0301", "\u00e9"])}`,
    refused: {
      README: 'macOS and Windows take it for "given/f9/readme"',
      SUB: 'macOS and Windows take it for "given/f9/sub"',
      "e\u0301": 'macOS and Windows take it for "given/f9/\u00e9"',
      "\u00e9": 'macOS and Windows take it for "given/f9/e\u0301"',
    },
  },
  {
    id: "F10",
    what: "files, folders and links in each other's places, folders made anew and renamed",
    at: "given/f10",
    plant: `rm file.txt; mkdir file.txt; echo n > file.txt/n; rm -r folder; echo flat > folder
      rm link; mkdir link; echo n > link/n; rm -r anew; mkdir anew; echo n > anew/n; mv moved there`,
    carried: [
      "delete anew/old.txt",
      "delete file.txt",
      "delete folder/a.txt",
      "delete folder/b.txt",
      "delete link",
      "delete moved/x.txt",
      "100644 anew/n n\n",
      "100644 file.txt/n n\n",
      "100644 folder flat\n",
      "100644 link/n n\n",
      "100644 there/x.txt x\n",
    ],
  },
  {
    id: "F10",
    what: "everything deleted",
    stage: async ({ open, mirror, commit }) => {
      await using session = await open();
      await session.run(shell("rm -rf /workspace/* /workspace/.[a-z]*"));
      const edits = await session.changes();
      const made = await mirror.commitEdits({ parent: commit, edits, message: "nothing" });
      return await mirror.listFiles(made.commit);
    },
    comes: [],
  },
  {
    id: "F11",
    what: "other bytes at the old time and length, the old bytes at another time, another mode",
    at: "given/f11",
    plant: `touch -r same.txt /tmp/then; echo B > same.txt; touch -r /tmp/then same.txt
      touch -d @1 touched.txt; cp touched.txt copy; mv copy touched.txt; chmod 755 mode.txt; chmod 600 private.txt`,
    carried: ["100755 mode.txt m\n", "100644 same.txt B\n"],
  },
  {
    id: "F12",
    what: "a worktree that a person edits meanwhile",
    provenIn: "test/src/git/worktree.test.ts",
  },
  {
    id: "F13",
    what: "a file that is larger than git should keep",
    at: "f13",
    plant: "truncate -s 101M big",
    refused: { big: "larger than 104857600 bytes" },
  },
  {
    id: "F13",
    what: "more files than a person would look through",
    provenIn: "test/sandbox/changes/read-changes.test.ts",
  },
  { id: "F14", what: "Nexus killed while it writes", provenIn: "test/src/git/worktree.test.ts" },
];
