import { getUsrNm } from "./user.js";

export function greeting(user) {
  return `Hello ${getUsrNm(user)}!`;
}
