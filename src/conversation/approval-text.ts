import type { Approval } from "../core/approval.ts";
import { code, quotation } from "./escape.ts";
import { mention } from "./people.ts";

/** Why a word on a plan changed nothing. */
export type Unheard =
  | { readonly kind: "nothing-waits" }
  /** Somebody was first. */
  | { readonly kind: "answered"; readonly by: string }
  /** Nobody can have read the plan when the word was given. */
  | { readonly kind: "not-there-yet" }
  /** The plan was made anew while the word was on its way. */
  | { readonly kind: "made-anew" }
  /** What was written is only close to `approve`. */
  | { readonly kind: "slip"; readonly slip: string }
  | { readonly kind: "still-open"; readonly questions: readonly string[] }
  /** `problem` is Markdown of ours. */
  | { readonly kind: "unclear"; readonly problem: string };

/** The answer to a word on a plan that changed nothing: what was understood, and what to do. */
export function unheardText(approval: Approval, why: Unheard): string {
  const { requestedBy, words, slip } = approval;
  const said = words === "" ? "." : ", with these words:";
  const understood = slip === undefined ? "understood" : "was not sure of";
  const parts = [
    `${mention(requestedBy)}, Nexus ${understood} ${code(`/nexus ${slip ?? "approve"}`)}${said}`,
    ...(words === "" ? [] : [quotation(words, 300)]),
    reasonText(why),
  ];
  return `${parts.join("\n\n")}\n`;
}

function reasonText(why: Unheard): string {
  switch (why.kind) {
    case "nothing-waits":
      return `No plan waits for a word here, so nothing was started. ${code("/nexus plan")} and a request makes one; ${code("/nexus")} and a request starts at once.`;
    case "answered":
      return `${code(why.by, 60)} was first: the plan goes on by that word, and this one changed nothing. ${code("/nexus plan")} and a request makes a new plan.`;
    case "not-there-yet":
      return `The plan was not there yet, so nothing was approved, and nobody works on it. Read it when it is shown here, then approve it.`;
    case "made-anew":
      return `The plan was made anew before this word arrived, so nothing was approved. Look at it, and approve it as it is now.`;
    case "slip":
      return `${code(why.slip)} is close to ${code("approve")}, so nothing was approved, and nothing was started. ${code("/nexus approve")} approves a plan that waits; a request begins with another word.`;
    case "still-open":
      return `The plan asks what only a person can decide, and still waits:\n\n${why.questions.map((question) => quotation(question, 500)).join("\n>\n")}\n\nRepeat ${code("/nexus approve")} with your answers behind it.`;
    case "unclear":
      return `${why.problem} The plan still waits: repeat ${code("/nexus approve")} with other words.`;
    default:
      return why satisfies never;
  }
}
