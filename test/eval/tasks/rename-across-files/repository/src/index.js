export { greeting } from "./greeting.js";
export { rows } from "./table.js";
export { getUsrNm } from "./user.js";
