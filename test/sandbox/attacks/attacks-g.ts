import { type Attack, shell } from "./attack.ts";

/** Ways by which a git of the host could be made to start a program, each naming the file that it would make. */
const CONFIG = (program: string) => `[core]
	hooksPath = /workspace/hooks
	fsmonitor = ${program}
	sshCommand = ${program}
	pager = ${program}
	editor = ${program}
	gitProxy = ${program}
	worktree = /
	attributesFile = /workspace/.gitattributes
[diff]
	external = ${program}
[credential]
	helper = ${program}
[include]
	path = /workspace/more
[alias]
	read-tree = !${program}
	fast-import = !${program}
[gpg]
	program = ${program}
[commit]
	gpgSign = true
[filter "evil"]
	clean = ${program}
	smudge = ${program}
	process = ${program}
	required = true
[diff "evil"]
	textconv = ${program}
	command = ${program}
[merge "evil"]
	driver = ${program}
[url "ext::${program}"]
	insteadOf = https://
[extensions]
	worktreeConfig = true
`;

/** git, fed by the container. */
export const ATTACKS_G: readonly Attack[] = [
  {
    id: "G1",
    what: "a configuration, hooks and filters in the container's git folder",
    stage: async ({ carryOut, canaryProgram }) =>
      await carryOut(`
        printf %s '${CONFIG(canaryProgram)}' | tee .git/config > .git/config.worktree
        mkdir -p .git/hooks hooks
        for hook in post-checkout post-commit post-index-change pre-commit reference-transaction post-rewrite update; do
          printf '#!/bin/sh\\n${canaryProgram}\\n' | tee .git/hooks/$hook > hooks/$hook; done
        chmod +x .git/hooks/* hooks/*; echo '${canaryProgram}' > .git/info/attributes; rm -r hooks; echo n > new`),
    comes: { kind: "moved", paths: ["new"], started: false },
  },
  {
    id: "G2",
    what: "attributes that name filters, drivers and encodings",
    stage: async ({ carryOut }) =>
      await carryOut(
        "printf '* filter=evil diff=evil merge=evil text eol=crlf ident working-tree-encoding=UTF-16\\n' > .gitattributes; printf '$Id$\\n' > new",
      ),
    comes: {
      kind: "moved",
      paths: [".gitattributes", "new"],
      started: false,
      texts: { new: "$Id$\n" },
    },
  },
  {
    id: "G3",
    what: "modules that start programs, lie in git's folder or elsewhere",
    stage: async ({ mirror, commit, canaryProgram, errorOf }) => {
      const modules = [
        `[submodule "a"]\n\tpath = a\n\turl = https://example.org/\n\tupdate = !${canaryProgram}\n`,
        `[submodule "a"]\n\tpath = a\n\turl = -u${canaryProgram}\n`,
        '[submodule "../../x"]\n\tpath = a\n\turl = https://example.org/\n',
        '[submodule "a"]\n\tpath = -a\n\turl = https://example.org/\n',
      ];
      const came: unknown[] = [];
      for (const module of modules) {
        const content = Buffer.from(module);
        const edits = [{ kind: "write", path: ".gitmodules", mode: "100644", content }] as const;
        came.push(await errorOf(() => mirror.commitEdits({ parent: commit, edits, message: "m" })));
      }
      return came;
    },
    comes: Array.from({ length: 4 }, () => "git.failed"),
  },
  {
    id: "G3",
    what: "a module whose address is a program: carried as text, and never asked",
    stage: async ({ carryOut, canaryProgram }) =>
      await carryOut(
        `printf '[submodule "a"]\\n\\tpath = a\\n\\turl = ext::${canaryProgram}\\n' > .gitmodules`,
      ),
    comes: { kind: "moved", paths: [".gitmodules"], started: false },
  },
  {
    id: "G3",
    what: "a repository in the repository",
    stage: async ({ open, refusalOf }) => {
      await using session = await open();
      await session.run(
        shell(
          "git init -q nested && cd nested && git -c user.name=a -c user.email=a commit -q --allow-empty -m a && rm -rf .git/objects .git/logs .git/hooks .git/info .git/branches .git/refs && cd .. && git add nested",
        ),
      );
      const { code, paths } = await refusalOf(session);
      return { code, reasons: [...new Set(paths.map(({ why }) => why))] };
    },
    comes: { code: "sandbox.refused-path", reasons: ["a name spells git's own folder"] },
  },
  {
    id: "G4",
    what: "other places for objects, other roots, replaced objects",
    stage: async ({ carryOut }) =>
      await carryOut(`
        echo /proc/self/root/etc > .git/objects/info/alternates; echo /etc > .git/commondir; echo /etc > .git/gitdir
        mkdir -p .git/refs/replace; git rev-parse HEAD > .git/refs/replace/$(git rev-parse HEAD:README.md)
        git rev-parse HEAD > .git/info/grafts; echo n > new`),
    comes: { kind: "moved", paths: ["new"], started: false },
  },
  {
    id: "G5",
    what: "variables of git in Nexus' own environment",
    stage: async ({ carryOut, canaryProgram }) => {
      const variables = {
        GIT_DIR: "/nonexistent",
        GIT_WORK_TREE: "/",
        GIT_SSH_COMMAND: canaryProgram,
        GIT_EXTERNAL_DIFF: canaryProgram,
        GIT_EDITOR: canaryProgram,
        GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${canaryProgram}'`,
      };
      Object.assign(process.env, variables);
      try {
        return await carryOut("echo n > new");
      } finally {
        for (const name of Object.keys(variables)) delete process.env[name];
      }
    },
    comes: { kind: "moved", paths: ["new"], started: false },
  },
  {
    id: "G6",
    what: "objects, packs and names of branches of the container's own",
    stage: async ({ open, mirror }) => {
      await using session = await open();
      const { output } = await session.run(
        shell(`echo n > new; git add new; git -c user.name=a -c user.email=a commit -qm evil
          git rev-parse HEAD; git update-ref refs/heads/--upload-pack=x HEAD; head -c 100000 /dev/urandom > .git/objects/pack/pack-evil.pack`),
      );
      const edits = await session.changes();
      return { known: await mirror.hasCommit(output.trim()), paths: edits.map(({ path }) => path) };
    },
    comes: { known: false, paths: ["new"] },
  },
  {
    id: "G7",
    what: "a commit's message that looks like options, headers and other commits",
    stage: async ({ mirror, commit, messageOf }) => {
      const message =
        "-F /etc/passwd\n--amend\nfrom refs/heads/evil\ndone\n\0\u001b[31mred\u202e\n";
      const edits = [
        { kind: "write", path: "new", mode: "100644", content: Buffer.from("n") },
      ] as const;
      const made = await mirror.commitEdits({ parent: commit, edits, message });
      return { files: made.files.map(({ path }) => path), message: await messageOf(made.commit) };
    },
    comes: {
      files: ["new"],
      message: "-F /etc/passwd\n--amend\nfrom refs/heads/evil\ndone\n[31mred",
    },
  },
  {
    id: "G7",
    what: "names of commits that are options",
    stage: async ({ mirror, errorOf }) => [
      await errorOf(() =>
        mirror.commitEdits({ parent: "--upload-pack=x", edits: [], message: "" }),
      ),
      await errorOf(() => mirror.treeOf("-h")),
      await errorOf(() => mirror.diff("--output=/tmp/x", "HEAD", 10)),
    ],
    comes: ["git.failed", "git.failed", "git.failed"],
  },
];
