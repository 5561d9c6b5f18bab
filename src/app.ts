import type { ApplicationFunction } from "probot";
import type { Task } from "./core/task.ts";
import { taskFromComment } from "./triggers/issue-comment.ts";

/** One line per event: translate, then keep. A handler that thinks belongs in a job. */
export function createApp(receive: (task: Task) => Promise<unknown>): ApplicationFunction {
  return (app) => {
    app.on("issue_comment.created", async (event) => {
      const task = taskFromComment(event);
      if (task) await receive(task);
    });
  };
}
