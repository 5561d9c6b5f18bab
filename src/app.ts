import type { ApplicationFunction } from "probot";
import type { Delivery } from "./core/delivery.ts";
import { deliveryFromComment } from "./triggers/issue-comment.ts";
import { baseMovedBy } from "./triggers/push.ts";

/** One line per event: translate, then keep. A handler that thinks belongs in a job. */
export function createApp(receive: (delivery: Delivery) => Promise<unknown>): ApplicationFunction {
  return (app) => {
    app.on("issue_comment.created", async (event) => {
      const delivery = deliveryFromComment(event);
      if (delivery) await receive(delivery);
    });
    app.on("push", async (event) => {
      const moved = baseMovedBy(event);
      if (moved) await receive(moved);
    });
  };
}
