/** Keeps what was logged, for assertions; prints nothing. */
export function quietLog() {
  const entries: { readonly level: string; readonly fields: object; readonly message: string }[] =
    [];
  const at = (level: string) => (fields: object, message: string) => {
    entries.push({ level, fields, message });
  };
  return { info: at("info"), warn: at("warn"), error: at("error"), entries };
}
