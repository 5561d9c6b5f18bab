import { getUsrNm as name } from "./user.js";

export function rows(users) {
  return users.map((user) => [user.id, name(user)]);
}
