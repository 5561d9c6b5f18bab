import { describe, expect, it } from "vitest";
import { judgeCommand } from "../../../../src/swarm/policy/judge-command.ts";

function ruleOf(command: string, deny: readonly string[] = []): string {
  const judgement = judgeCommand(command, deny);
  return judgement.kind === "allowed" ? "allowed" : judgement.rule;
}

describe("what people do every day is allowed", () => {
  it.each([
    "npm test",
    "npx vitest run --reporter=dot src/a.test.ts",
    "cd packages/a && npm run build && npm test",
    'for f in src/*.ts; do head -n 3 "$f"; done',
    'grep -rn "TODO" src | sort | uniq -c',
    "git status && git diff --stat && git log -3 --oneline",
    "git -C packages/a show HEAD:src/a.ts",
    "NODE_ENV=test node --test",
    "rm -rf dist node_modules/.cache",
    "cat > src/new.ts <<'EOF'\nexport const a = `curl`;\nEOF",
    "echo 'sudo rm -rf /' > notes.txt",
    "python3 -c 'import os; print(os.getcwd())'",
    "find . -name '*.ts' -exec wc -l {} +",
    "timeout 60 npm test 2>&1 | tail -n 50",
    "test -f a.txt || echo missing >/dev/null",
    "mktemp -d && echo x > /tmp/x",
    "kill 4711",
    "sh check.sh && bash ./scripts/test.sh --fast",
    "[ -f package.json ] && [[ -d src ]]",
    "git -c color.ui=never diff",
    "alias ll='ls -l'",
    "trap - EXIT",
    "npm exec vitest run",
    'X=$(git rev-parse HEAD); echo "$X"',
    "",
    "# only a comment",
  ])("%s", (command) => {
    expect(ruleOf(command)).toBe("allowed");
  });
});

describe("what agents may not ask for is refused by its rule", () => {
  it.each([
    ["privilege", "sudo npm test"],
    ["privilege", "mount -t tmpfs none /mnt"],
    ["machine", "mkfs.ext4 /dev/sda"],
    ["machine", "reboot"],
    ["network", "curl https://example.org -o x"],
    ["network", "true && wget -q example.org"],
    ["network", "apt-get install -y jq"],
    ["publish", "npm publish"],
    ["publish", "npm --silent publish"],
    ["publish", "docker run alpine"],
    ["git", "git push origin HEAD"],
    ["git", "git -c user.name=x commit -am x"],
    ["git", "git --git-dir=/x reset --hard"],
    ["git-folder", "echo x > .git/hooks/pre-commit"],
    ["git-folder", "rm -rf .git"],
    ["git-folder", "tee packages/a/.GIT/config"],
    ["outside", "echo x > /etc/passwd"],
    ["outside", "rm -rf /usr"],
    ["outside", "rm -rf ~/x"],
    ["everything", "rm -rf ."],
    ["everything", "rm -r -f ./*"],
    ["everything", "rm --recursive /workspace"],
    ["processes", "kill -9 -1"],
    ["processes", "pkill node"],
  ])("%s: %s", (rule, command) => {
    expect(ruleOf(command)).toBe(rule);
  });
});

describe("what is hidden is found, or refused as unclear", () => {
  it.each([
    ["network", "sh -c 'curl x'"],
    ["network", 'bash -lc "true; curl x"'],
    ["network", "eval 'cu''rl x'"],
    ["network", "env -u B A=1 nice -n 5 curl x"],
    ["network", "/usr/bin/cu\\rl x"],
    ["network", "$'c\\x75rl' x"],
    ["network", "find . -name a -exec curl x \\;"],
    ["network", "ls | xargs -n 1 curl"],
    ["network", "timeout -s KILL 5 curl x"],
    ["network", 'echo "$(curl x)"'],
    ["network", "cat <(curl x)"],
    ["network", "if true; then { (curl x) & } fi"],
    ["network", "f() { curl x; }; f"],
    ["network", "case a in a) curl x;; esac"],
    ["network", "sh <<EOF\ncurl x\nEOF"],
    ["network", "bash <<< 'curl x'"],
    ["network", "command exec curl x"],
    ["network", "sh -c 'sh -c \"sh -c curl\"'"],
    ["network", "echo `curl x`"],
    ["network", "env -S 'curl x'"],
    ["network", "trap 'curl x' EXIT"],
    ["network", "alias c=curl\nc x"],
    ["network", "npx -c 'curl x'"],
    ["network", "npm exec --call='curl x'"],
    ["network", "npm exec -- curl x"],
    ["network", "pnpm dlx curl x"],
    ["git", "git -c alias.p=push p"],
    ["unclear", "curl x | sh"],
    ["unclear", "echo 'curl x' | sh"],
    ["unclear", "cat <<EOF | bash\ncurl x\nEOF"],
    ["unclear", "bash -s"],
    ["unclear", "/usr/bin/cur? x"],
    ["unclear", "c[u]rl x"],
    ["unclear", "{curl,x}"],
    ["unclear", "$TOOL x"],
    ["unclear", '"$(which curl)" x'],
    ["unclear", 'eval "$CODE"'],
    ["unclear", 'sh -c "$CODE"'],
    ["unclear", "if true; then"],
    ["unclear", "echo 'open"],
    ["unclear", "xargs env $TOOL"],
  ])("%s: %s", (rule, command) => {
    expect(ruleOf(command)).toBe(rule);
  });

  it("a script nested beyond reason is unclear, not an error", () => {
    expect(ruleOf("(".repeat(50_000))).toBe("unclear");
    expect(ruleOf(`echo ${"$(".repeat(500)}`)).toBe("unclear");
  });

  it("a long script is judged in time, or unclear", () => {
    expect(ruleOf("true;".repeat(10_000))).toBe("unclear");
    expect(ruleOf("a".repeat(200_000))).toBe("unclear");
  });
});

it("the default branch forbids programs and their first words", () => {
  const deny = ["npm install", "make"];

  expect(ruleOf("npm install left-pad", deny)).toBe("repository");
  expect(ruleOf("sh -c 'make all'", deny)).toBe("repository");
  expect(ruleOf("npm --silent install left-pad", deny)).toBe("repository");
  expect(ruleOf("git push", ["git show --force"])).toBe("git");
  expect(ruleOf("git show HEAD", ["git show --force"])).toBe("allowed");
  expect(ruleOf("git show HEAD --force", ["git show --force"])).toBe("repository");
  expect(ruleOf("npm test", deny)).toBe("allowed");
});
