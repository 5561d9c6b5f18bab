/** The name to show for a user. */
export function getUsrNm(user) {
  return user.nick ?? `${user.first} ${user.last}`.trim();
}
