/** What can be asked, how, and by whom. */
export function helpText(): string {
  return `### Nexus: help

Begin a line of a new comment with \`/nexus\`, outside code and quotes:

| Comment | What happens |
| --- | --- |
| \`/nexus fix\` | The checks are run on the base; what is red is repaired, by rule where a rule is known. |
| \`/nexus fix the failing tests\` | The same: \`lint\`, \`format\`, \`build\`, \`types\`, \`ci\` are understood too. |
| \`/nexus resolve\` | On a pull request that conflicts with its base: the two are merged, the checks are run on the result, and what is green is pushed to its branch. What nobody can prove is shown and left alone. |
| \`/nexus\` and a request in your words | The request is planned, carried out and proven, and becomes a pull request. |
| \`/nexus plan …\` | The plan is shown, and nobody works before it is approved; alone, it is about the issue itself. |
| \`/nexus approve\` | The plan that waits here is carried out. Behind it, \`without docs\` or \`only api\` leave work items out, \`budget 2.50\` lowers what it may cost; any other words are a wish, or the answers to what the plan asks. |
| \`/nexus --dry-run …\` | Nothing is executed or pushed: you are told which commands would run and what would be changed. |
| \`/nexus --hold …\` | What is verified is kept in its sandbox for the operator to look into, and not pushed. |
| \`/nexus --budget 2.50 …\` | Models may cost 2.50 dollars at most for this request. It can only lower what the operator allows. |
| \`/nexus help\` | This answer. |

The request may go on over the following lines. People with write access can ask.

A pull request is opened only when every check passes on its head. The checks are the commands under \`checks\` in \`.github/nexus.yml\` on the default branch, else the scripts \`format:check\`, \`lint\`, \`typecheck\`, \`build\` and \`test\` of \`package.json\`. Without any, nothing is started:

\`\`\`yaml
checks:
  - name: test
    command: npm test
\`\`\`
`;
}
