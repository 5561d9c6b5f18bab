interface Form {
  /** Where the browser posts the manifest. */
  readonly action: string;
  readonly manifest: string;
  readonly webhook: string;
}

/** The page that hands the manifest to GitHub: a form, since GitHub takes it only from a browser. */
export function formPage({ action, manifest, webhook }: Form): string {
  return page(`<p>GitHub will show what Nexus asks for, and let you choose a name.</p>
<p>Webhooks will go to <code>${escaped(webhook)}</code>.</p>
<form method="post" action="${escaped(action)}">
<input type="hidden" name="manifest" value="${escaped(manifest)}">
<button>Register the App on ${escaped(new URL(action).host)}</button>
</form>`);
}

/** A page that says one thing. */
export function messagePage(text: string): string {
  return page(`<p>${escaped(text)}</p>`);
}

function page(content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Nexus: setup</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>Nexus</h1>
${content}
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
