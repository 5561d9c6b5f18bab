import { code } from "./escape.ts";

const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;

/** Whether a login has GitHub's own form, so it may stand unescaped. */
export function isLogin(login: string): boolean {
  return LOGIN.test(login);
}

/** A person who is told, once: the one who asked. */
export function mention(login: string): string {
  return isLogin(login) ? `@${login}` : code(login, 60);
}

/** A link to what the platform gave back; only its number where the address is not one. */
export function link(number: number, url: string): string {
  return /^https?:\/\/[^\s()<>[\]"'`\\]{1,500}$/.test(url) ? `[#${number}](${url})` : `#${number}`;
}
