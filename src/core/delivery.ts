import { z } from "zod";
import { Approval } from "./approval.ts";
import { BaseMoved } from "./base-moved.ts";
import { Task } from "./task.ts";

/** What the inbox keeps: a request of somebody, somebody's word on a plan, or news that may become tasks. */
export const Delivery = z.union([BaseMoved, Approval, Task]);
export type Delivery = z.infer<typeof Delivery>;
